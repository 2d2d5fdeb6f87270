"""A member hears of a window once a day, also when alerts made on different days fall due on the same day.

Quiet hours, digests, back-off and a long queue may bring such alerts together. Alerts that are made on one day are
sorted out when they are made (`alerts.scheduling.due`). An alert that a window moved or was withdrawn always goes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from alerts.model.campaigns.campaign_cache import CachedCampaign, CampaignCache
from alerts.model.campaigns.campaign_states import Status
from alerts.model.content import WINDOW_KINDS, AlertKind
from alerts.model.recipients import Person
from alerts.model.rows.row_reasons import PASSED_OVER, TOLD_TODAY
from alerts.model.rows.row_states import OPEN, TOLD, ClaimedRow, RowState
from alerts.model.tables import Campaign, Delivery
from storage.clock import day_of, midnight_of
from storage.sql.batches import id_in, json_rows, parse_instant, read_json_rows

WAIT = timedelta(minutes=1)
"""How long a row waits for one of the same window that is being sent at this moment."""
_REMINDERS = (AlertKind.OPENING, AlertKind.DEADLINE)


@dataclass(frozen=True, slots=True)
class OnceADay:
    """Decides on claimed rows whose member is told, or was told, of the same window today.

    Attributes:
        skipped: rows by id, and why.
        waiting: ids of rows that have to wait until another one's fate is known.
    """

    skipped: dict[int, str] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)


def once_a_day(
    connection: Connection,
    rows: Sequence[ClaimedRow],
    campaigns: CampaignCache,
    persons: Mapping[int, Person],
    now: datetime,
) -> OnceADay:
    """Look at claimed rows of windows. It runs in the transaction of the claim, so that two workers see each other."""
    found = OnceADay()
    about = campaigns.load(connection, {row.campaign_id for row in rows})
    reminders = [row for row in rows if row.doubt_s is None and _is_reminder(about[row.campaign_id])]
    windows = {about[row.campaign_id].window_id for row in reminders}
    siblings = campaigns.load(connection, _siblings(connection, windows, now)) if windows else {}
    if len(siblings) < 2:
        return found
    others = _others(connection, siblings, {row.member_id for row in reminders}, now)
    for row in reminders:
        _look(row, others.get(row.member_id, ()), about | siblings, persons, found)
    return found


def _is_reminder(campaign: CachedCampaign) -> bool:
    return campaign.window_id is not None and campaign.kind in _REMINDERS


def _siblings(connection: Connection, windows: Iterable[int | None], now: datetime) -> list[int]:
    """Return ids of the campaigns of these windows that may have reached a member today, or may do so now."""
    alive = or_(Campaign.status == Status.SENDING, Campaign.updated_at >= midnight_of(day_of(now)))
    return list(
        connection.scalars(
            select(Campaign.id).where(Campaign.window_id.in_(windows), Campaign.kind.in_(WINDOW_KINDS), alive)
        )
    )


@dataclass(frozen=True, slots=True)
class _Other:
    """Another row of the same member, sent today or still open."""

    campaign_id: int
    state: RowState
    claimed_by: str | None
    is_due: bool


def _others(
    connection: Connection, siblings: Iterable[int], member_ids: Iterable[int], now: datetime
) -> dict[int, list[_Other]]:
    sending = select(Campaign.id).where(Campaign.status == Status.SENDING)
    still_open = and_(Delivery.state.in_(OPEN), Delivery.campaign_id.in_(sending))
    told = and_(Delivery.state.in_(TOLD), Delivery.settled_at >= midnight_of(day_of(now)))
    statement = select(
        json_rows(
            connection,
            Delivery.member_id,
            Delivery.campaign_id,
            Delivery.state,
            Delivery.claimed_by,
            Delivery.next_attempt_at,
        )
    ).where(
        Delivery.campaign_id.in_(siblings),
        id_in(connection, Delivery.member_id, member_ids),
        or_(still_open, told),
    )
    found: dict[int, list[_Other]] = {}
    for member_id, campaign_id, state, claimed_by, due_at in read_json_rows(connection.scalar(statement)):
        is_due = due_at is not None and parse_instant(due_at) <= now
        found.setdefault(member_id, []).append(_Other(campaign_id, RowState(state), claimed_by, is_due))
    return found


def _look(
    row: ClaimedRow,
    others: Iterable[_Other],
    campaigns: Mapping[int, CachedCampaign],
    persons: Mapping[int, Person],
    found: OnceADay,
) -> None:
    person, campaign = persons.get(row.member_id), campaigns[row.campaign_id]
    for other in others:
        its = campaigns[other.campaign_id]
        if other.campaign_id == row.campaign_id or its.window_id != campaign.window_id:
            continue
        if other.state not in OPEN:
            found.skipped.setdefault(row.id, TOLD_TODAY)
        elif person is not None and not its.audience.has_lead(person.preferences):
            continue  # the other row will be skipped
        elif _urgency(its) < _urgency(campaign):
            if other.is_due:
                found.skipped.setdefault(row.id, PASSED_OVER)
        elif other.state is not RowState.PENDING and other.claimed_by != row.run:
            found.waiting.add(row.id)


def _urgency(campaign: CachedCampaign) -> tuple[int, int]:
    """Sorts alerts of one window: a changed date first, then the nearest lead, then the opening."""
    order: dict[Any, int] = {AlertKind.DATE_CHANGED: 0, AlertKind.DEADLINE: 1, AlertKind.OPENING: 2}
    return order[campaign.kind], campaign.audience.lead or 0
