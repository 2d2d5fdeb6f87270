"""Sends dead letters again, and takes an operator's decision on rows whose fate is unknown."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Update, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from alerts.channels.mass.jobs import JobStatus, begin_anew, take_as_sent
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import (
    CampaignAction,
    CampaignError,
    NoSuchCampaignError,
    Status,
    WrongStatusError,
)
from alerts.model.campaigns.moves import act
from alerts.model.content import WINDOW_KINDS, AlertKind
from alerts.model.rows.row_reasons import CONFIRMED
from alerts.model.rows.row_states import TOLD, RowState
from alerts.model.tables import Campaign, Delivery
from storage.clock import day_of, midnight_of
from storage.sql.batches import id_in

# message_id stays: WeChat remembers the message it took, so the next one needs another id of ours
_FRESH: dict[str, Any] = {
    "state": "pending",
    "attempts": 0,
    **dict.fromkeys(
        (
            "reason",
            "channel",
            "errcode",
            "retry_at",
            "queued_until",
            "claimed_by",
            "claimed_until",
            "tried_at",
            "lead_id",
            "refused",
            "settled_at",
        )
    ),
}
_CLOSED = (Status.CANCELLED, Status.DRAFT, Status.SUBMITTED)


class TooLateError(CampaignError):
    """The campaign's rows have expired."""

    def __init__(self) -> None:
        super().__init__("这条推送已过截止时间，不能再重试。")


async def retry(
    session: AsyncSession,
    campaign_id: int,
    now: datetime,
    *,
    states: Collection[RowState] = (RowState.FAILED,),
) -> int:
    """Try a campaign's dead letters again; how many rows wait again, 1 for a send to all that has no row.

    A campaign that was done is sent again for them.

    Args:
        session: of the transaction to act in.
        campaign_id: the campaign.
        now: the business instant.
        states: FAILED, UNKNOWN or both. A row whose fate WeChat never told may arrive twice: an operator decides.

    Raises:
        NoSuchCampaignError, WrongStatusError, TooLateError: nothing was changed.
    """
    campaign = await session.get(Campaign, campaign_id, with_for_update=True)
    if campaign is None:
        raise NoSuchCampaignError(campaign_id)
    status = Status(campaign.status)
    if status in _CLOSED:
        raise WrongStatusError(CampaignAction.REOPEN, status)
    if campaign.expires_at is not None and campaign.expires_at <= now:
        raise TooLateError
    moved = await _move(session, campaign_id, states, update(Delivery).values(**_FRESH, next_attempt_at=now))
    to_all = await begin_anew(session, campaign_id, *(JobStatus(state) for state in states))
    if (moved or to_all) and status in (Status.DONE, Status.FAILED):
        await act(session, campaign_id, CampaignAction.REOPEN, now)
    return await _count(session, campaign_id, moved, "pending") or int(to_all)


async def confirm_unknown(session: AsyncSession, campaign_id: int, now: datetime) -> int:
    """Take rows whose fate WeChat never told as arrived; how many, 1 for a send to all that has no row."""
    statement = update(Delivery).values(state="sent", reason=CONFIRMED, settled_at=now)
    moved = await _move(session, campaign_id, ("unknown",), statement)
    to_all = await take_as_sent(session, campaign_id, now)
    if to_all:
        await act(session, campaign_id, CampaignAction.REOPEN, now)  # the scheduler finishes it
    return await _count(session, campaign_id, moved, "sent") or int(to_all)


async def told_today(session: AsyncSession, campaign_id: int, state: RowState, now: datetime) -> int:
    """Return the members with a row in this state whom another alert told of the same window today.

    A member is told of a window once a day (`alerts.delivery.once_a_day`). Such a row is skipped if it is tried
    again.
    """
    campaign = await session.get_one(Campaign, campaign_id)
    if campaign.window_id is None or campaign.kind not in (AlertKind.OPENING, AlertKind.DEADLINE):
        return 0
    other = aliased(Delivery)
    siblings = select(Campaign.id).where(
        Campaign.window_id == campaign.window_id, Campaign.id != campaign_id, Campaign.kind.in_(WINDOW_KINDS)
    )
    midnight = midnight_of(day_of(now))
    told = select(func.count(Delivery.member_id.distinct())).where(
        Delivery.campaign_id == campaign_id,
        Delivery.state == state,
        exists().where(
            other.member_id == Delivery.member_id,
            other.campaign_id.in_(siblings),
            other.state.in_(TOLD),
            other.settled_at >= midnight,
        ),
    )
    return await session.scalar(told) or 0


async def _move(
    session: AsyncSession,
    campaign_id: int,
    states: Collection[str],
    statement: Update,
) -> Counter[str]:
    """Move the rows, and count them by the state they were in. They are locked, so no worker takes one meanwhile."""
    wanted = (Delivery.campaign_id == campaign_id, Delivery.state.in_(states))
    rows = select(Delivery.id, Delivery.state).where(*wanted).with_for_update()
    found = (await session.execute(rows)).all()
    await session.execute(
        statement.where(id_in(session, Delivery.id, [row.id for row in found])).execution_options(
            synchronize_session=False
        )
    )
    return Counter(row.state for row in found)


async def _count(session: AsyncSession, campaign_id: int, moved: Counter[str], to: str) -> int:
    changes = {state: -n for state, n in moved.items()}
    await add_counts(session, campaign_id, {**changes, to: moved.total()})
    return moved.total()
