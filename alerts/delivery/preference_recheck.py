"""Asks again, when rows are claimed, whether their members still want them.

Quiet hours, digests and back-off may lie between the listing and the sending. In that time a member can say 已申报,
leave a track, or choose other days.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from alerts.model.campaigns.campaign_cache import CachedCampaign
from alerts.model.content import AlertKind
from alerts.model.recipients import Person
from alerts.model.rows.row_reasons import (
    APPLIED,
    NO_ANNOUNCEMENTS,
    NO_GENERAL,
    NO_PROFILE_ALERTS,
    OTHER_DAYS,
    UNSUBSCRIBED,
)
from alerts.model.rows.row_states import ClaimedRow
from alerts.model.tables import Applied
from storage.sql.batches import id_in, json_rows, read_json_rows
from subscriptions.members.recipients import subscribes_to, subscribes_to_anything
from subscriptions.profiles.tables import ProfileConsent
from subscriptions.tables import Member, Subscription


def withdrawn(
    connection: Connection,
    rows: Iterable[ClaimedRow],
    campaigns: Mapping[int, CachedCampaign],
    persons: Mapping[int, Person],
) -> dict[int, str]:
    """Return the rows whose member no longer wants them: id and reason (`alerts.model.rows.row_reasons`)."""
    by_campaign: dict[int, list[ClaimedRow]] = {}
    for row in rows:
        by_campaign.setdefault(row.campaign_id, []).append(row)
    reasons: dict[int, str] = {}
    for campaign_id, of_campaign in by_campaign.items():
        campaign = campaigns[campaign_id]
        for reason, members in _unwilling(connection, campaign, of_campaign, persons):
            for row in of_campaign:
                if row.member_id in members:
                    reasons.setdefault(row.id, reason)
    return reasons


def _unwilling(
    connection: Connection,
    campaign: CachedCampaign,
    rows: Sequence[ClaimedRow],
    persons: Mapping[int, Person],
) -> Iterable[tuple[str, Collection[int]]]:
    ids = [row.member_id for row in rows]
    audience = campaign.audience
    if campaign.window_id is not None and not audience.applied_too:
        said = and_(Applied.window_id == campaign.window_id, id_in(connection, Applied.member_id, ids))
        yield APPLIED, _members(connection, Applied.member_id, said)
    if audience.tracks:
        follows = subscribes_to(connection, audience.tracks, audience.topics)
        yield UNSUBSCRIBED, _members(connection, Member.id, and_(id_in(connection, Member.id, ids), ~follows))
    if audience.fits is not None:
        wants_no_more = and_(id_in(connection, Member.id, ids), ~_wants_what_fits())
        yield NO_PROFILE_ALERTS, _members(connection, Member.id, wants_no_more)
    if audience.told_of is not None:
        hears = subscribes_to_anything() | _wants_what_fits()
        yield UNSUBSCRIBED, _members(connection, Member.id, and_(id_in(connection, Member.id, ids), ~hears))
    if campaign.kind is AlertKind.ANNOUNCEMENT:
        left = {id_ for id_ in ids if id_ in persons and not persons[id_].preferences.announcements}
        yield NO_ANNOUNCEMENTS, left
    if audience.general:
        general = and_(Member.general, exists().where(Subscription.member_id == Member.id))
        wants = or_(general, subscribes_to(connection, (), audience.topics))
        yield NO_GENERAL, _members(connection, Member.id, and_(id_in(connection, Member.id, ids), ~wants))
    if audience.lead is not None:
        yield (
            OTHER_DAYS,
            {id_ for id_ in ids if id_ in persons and not audience.has_lead(persons[id_].preferences)},
        )


def _wants_what_fits() -> ColumnElement[bool]:
    return exists().where(ProfileConsent.member_id == Member.id, ProfileConsent.alerts)


def _members(connection: Connection, column: Any, where: ColumnElement[bool]) -> set[int]:
    found = read_json_rows(connection.scalar(select(json_rows(connection, column)).where(where)))
    return {member_id for (member_id,) in found}
