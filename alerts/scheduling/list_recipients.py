"""Lists a campaign's recipients into the ledger, page by page.

A page and the mark of its end are one transaction. So after a kill the listing continues at the mark: it repeats no
member and leaves none out. Between two pages the listing rests as long as a page takes, so the database has time for
the people who write. Rows are still listed faster than they are sent.
"""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.lease.lease import HeldLease, guard
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import Status
from alerts.model.content import AlertKind, Content
from alerts.model.rows.quiet_hours import after_quiet_hours, first_attempt_at
from alerts.model.rows.row_reasons import NO_ANNOUNCEMENTS, NOT_FITTING, PASSED_OVER
from alerts.model.rows.row_states import TOLD
from alerts.model.tables import Applied, Campaign, Delivery
from alerts.scheduling.by_profile import NO_BENEFITS, compared_clause, fits_of, who_asked_for_it
from policies.matching.catalogue import Catalogue, Fit
from storage.clock import Clock
from storage.sql.batches import id_in
from storage.sql.database import Database
from subscriptions.members.preferences import Preferences
from subscriptions.members.recipients import Recipient, recipients, subscribes_to_anything
from subscriptions.profiles.tables import ProfileConsent
from subscriptions.tables import Member


def divide(
    audience: Audience, page: Sequence[Recipient], done: Collection[int]
) -> tuple[list[Recipient], list[Recipient]]:
    """Return the members of a page who get the alert, and those who get a more urgent one instead.

    A member who does not have the audience's lead, or is `done` with the window, is in neither list.
    """
    wanted: list[Recipient] = []
    passed: list[Recipient] = []
    for recipient in page:
        if recipient.member_id not in done and audience.has_lead(recipient.preferences):
            (passed if audience.has_more_urgent_lead(recipient.preferences) else wanted).append(recipient)
    return wanted, passed


async def list_recipients(
    database: Database,
    campaign: Campaign,
    clock: Clock,
    held: HeldLease,
    *,
    catalogue: Catalogue = NO_BENEFITS,
) -> bool:
    """List a sending campaign's recipients, beginning where the last listing stopped.

    Return False if the campaign was paused or cancelled in the meantime, or another process lists it. The listing can
    go on later.

    Raises:
        LeaseLostError: the lease was lost; the page under way is not kept.
    """
    audience, content = Audience.model_validate(campaign.audience), Content.model_validate(campaign.content)
    mark = campaign.snapshot_after
    if campaign.channel == "mass" and audience.everyone and not audience.by_list:
        await _leave_out_who_left(database, campaign, audience, held)
    compared = compared_clause(AlertKind(campaign.kind), content.policy_id, audience)
    async for people in recipients(database, audience.whom(), after=mark):
        began = time.monotonic()
        fits = await fits_of(database, compared, people, catalogue)
        async with database.write() as session:
            await guard(session, held)
            if not await _move_mark(session, campaign, mark, people[-1].member_id):
                return False
            there = await _still_there(session, people)
            concerned = await concerned_among(session, audience, there, fits)
            done = await done_with(session, audience, campaign.window_id, concerned)
            wanted, passed = divide(audience, concerned, done)
            skipped = {PASSED_OVER: passed}
            if campaign.kind == AlertKind.ANNOUNCEMENT:
                wanted, skipped = _by_announcements(wanted)
            elif audience.fits is None:
                unfit = {member_id for member_id, fit in fits.items() if fit is Fit.UNFIT}
                unfit -= await who_asked_for_it(session, audience, unfit)
                skipped[NOT_FITTING] = [one for one in wanted if one.member_id in unfit]
                wanted = [one for one in wanted if one.member_id not in unfit]
            await _write_rows(session, campaign, wanted, skipped, clock())
        mark = people[-1].member_id
        await asyncio.sleep(time.monotonic() - began)
    async with database.write() as session:
        await guard(session, held)
        return await _move_mark(session, campaign, mark, mark, complete=True)


def _by_announcements(people: Sequence[Recipient]) -> tuple[list[Recipient], dict[str, list[Recipient]]]:
    """Split members into those who want announcements and those who do not, by the reason to skip them."""
    left = [one for one in people if not one.preferences.announcements]
    return [one for one in people if one.preferences.announcements], {NO_ANNOUNCEMENTS: left}


async def _leave_out_who_left(
    database: Database, campaign: Campaign, audience: Audience, held: HeldLease
) -> None:
    """Send by lists if a follower takes no announcements or paused, because WeChat's send to all reaches every follower."""
    left = exists().where(Member.following, ~Member.announcements | Member.paused_until.is_not(None))
    by_list = audience.model_copy(update={"by_list": True})
    async with database.write() as session:
        await guard(session, held)
        await session.execute(
            update(Campaign)
            .where(Campaign.id == campaign.id, Campaign.snapshot_state == "none", left)
            .values(audience=by_list.model_dump(mode="json", exclude_defaults=True))
        )


async def _move_mark(
    session: AsyncSession, campaign: Campaign, mark: int, to: int, *, complete: bool = False
) -> bool:
    moved = await session.execute(
        update(Campaign)
        .where(
            Campaign.id == campaign.id,
            Campaign.status == Status.SENDING,
            Campaign.snapshot_state != "complete",
            Campaign.snapshot_after == mark,
        )
        .values(snapshot_after=to, snapshot_state="complete" if complete else "running")
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


async def _still_there(session: AsyncSession, people: Sequence[Recipient]) -> list[Recipient]:
    """Return the members of a page who have not been erased since it was read. They are locked until the transaction ends."""
    ids = id_in(session, Member.id, [one.member_id for one in people])
    there = set(
        await session.scalars(select(Member.id).where(ids).with_for_update(read=True, key_share=True))
    )
    return [one for one in people if one.member_id in there]


async def concerned_among(
    session: AsyncSession, audience: Audience, people: Sequence[Recipient], fits: Mapping[int, Fit]
) -> list[Recipient]:
    """Return the members of a page whom the audience means.

    These are all; or those who were told of its window and still subscribe; or those whose profile fits its clause.
    `fits`: how the clause fits the members who want alerts by profile.
    """
    if audience.fits is not None:
        return [one for one in people if fits.get(one.member_id) is Fit.FITS]
    if audience.told_of is None:
        return list(people)
    ids = id_in(session, Member.id, [one.member_id for one in people])
    told = _told(Member.id, Campaign.window_id == audience.told_of)
    hears = subscribes_to_anything() | exists().where(
        ProfileConsent.member_id == Member.id, ProfileConsent.alerts
    )
    found = set(await session.scalars(select(Member.id).where(ids, told, hears)))
    return [one for one in people if one.member_id in found]


async def done_with(
    session: AsyncSession, audience: Audience, window_id: int | None, people: Sequence[Recipient]
) -> frozenset[int]:
    """Return members of a page who said 已申报 for the window and need not be told this."""
    if window_id is None or audience.told_of is not None:
        return frozenset()
    ids = id_in(session, Applied.member_id, [one.member_id for one in people])
    done = select(Applied.member_id).where(Applied.window_id == window_id, ids)
    if audience.applied_too:  # the window is on again: it concerns those who heard that it was off
        withdrawal = and_(Campaign.window_id == window_id, Campaign.closes_on.is_(None))
        done = done.where(~_told(Applied.member_id, withdrawal))
    return frozenset(await session.scalars(done))


def _told(member_id: Any, alerts: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a member has, or may have, one of these campaigns."""
    return exists().where(
        Delivery.member_id == member_id,
        Delivery.state.in_(TOLD),
        Delivery.campaign_id.in_(select(Campaign.id).where(alerts)),
    )


async def _write_rows(
    session: AsyncSession,
    campaign: Campaign,
    wanted: Sequence[Recipient],
    skipped: Mapping[str, Sequence[Recipient]],
    now: datetime,
) -> None:
    """Write a page's rows. `skipped`: who is passed over, by the reason."""
    content = Content.model_validate(campaign.content)
    when = cache(partial(first_attempt_of, AlertKind(campaign.kind), campaign.channel, content, now))
    rows: list[dict[str, object]] = [
        {"state": "pending", "next_attempt_at": when(one.preferences), "member_id": one.member_id}
        for one in wanted
    ]
    left_out = [
        {"state": "skipped", "reason": why, "settled_at": now, "member_id": one.member_id}
        for why, people in skipped.items()
        for one in people
    ]
    for batch in (rows, left_out):
        if batch:
            await session.execute(insert(Delivery), [{"campaign_id": campaign.id, **row} for row in batch])
    await add_counts(session, campaign.id, {"pending": len(rows), "skipped": len(left_out)})


def first_attempt_of(
    kind: AlertKind, channel: str, content: Content, now: datetime, wants: Preferences
) -> datetime:
    """Return the first business instant at which the row may leave.

    A mass send is one call for all and leaves when its operator said. A broadcast waits for no digest. If a window
    was moved, the nearer of its two closing days counts; if it was withdrawn, the day that members were told. People
    act on these days.
    """
    if channel == "mass":
        return now
    if kind in {AlertKind.ANNOUNCEMENT, AlertKind.COMPANY}:
        return after_quiet_hours(wants, now)
    days = (content.closes_on, content.old_closes_on)
    return first_attempt_at(wants, now, min((day for day in days if day), default=None))
