"""Dead letters tried again, and the decision on rows whose fate WeChat never told."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Update, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.mass.jobs import JobStatus, begin_anew, take_as_sent
from alerts.model.campaigns import (
    Action,
    CampaignError,
    NoSuchCampaignError,
    Status,
    WrongStatusError,
    act,
    add_counts,
)
from alerts.model.row_reasons import CONFIRMED
from alerts.model.tables import Campaign, Delivery
from storage.sql.batches import id_in

# the message's id stays: WeChat remembers what it took, so the next goes under another id of ours
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
    unknown: bool = False,
    only: Collection[int] | None = None,
) -> int:
    """Try a campaign's dead letters again; how many rows wait again.

    A campaign that was done is sent again for them. With `unknown` the rows whose fate WeChat never told go
    again too, which may bring them twice: an operator's decision. `only` names single rows by id.

    Raises:
        NoSuchCampaignError, WrongStatusError, TooLateError: nothing was changed.
    """
    campaign = await session.get(Campaign, campaign_id, with_for_update=True)
    if campaign is None:
        raise NoSuchCampaignError(campaign_id)
    status = Status(campaign.status)
    if status in _CLOSED:
        raise WrongStatusError(Action.REOPEN, status)
    if campaign.expires_at is not None and campaign.expires_at <= now:
        raise TooLateError
    states = ("failed", "unknown") if unknown else ("failed",)
    moved = await _move(
        session, campaign_id, states, only, update(Delivery).values(**_FRESH, next_attempt_at=now)
    )
    if moved:
        await begin_anew(session, campaign_id, JobStatus.FAILED, *([JobStatus.UNKNOWN] if unknown else []))
        if status in (Status.DONE, Status.FAILED):
            await act(session, campaign_id, Action.REOPEN, now)
    return await _count(session, campaign_id, moved, "pending")


async def confirm_unknown(
    session: AsyncSession, campaign_id: int, now: datetime, *, only: Collection[int] | None = None
) -> int:
    """Take rows whose fate WeChat never told as arrived; how many."""
    statement = update(Delivery).values(state="sent", reason=CONFIRMED, settled_at=now)
    moved = await _move(session, campaign_id, ("unknown",), only, statement)
    if await take_as_sent(session, campaign_id, now):
        await act(session, campaign_id, Action.REOPEN, now)  # the clockwork calls it done
    return await _count(session, campaign_id, moved, "sent")


async def _move(
    session: AsyncSession,
    campaign_id: int,
    states: Collection[str],
    only: Collection[int] | None,
    statement: Update,
) -> Counter[str]:
    """Rows that were moved, by the state they were in: of those locked here nobody else takes one."""
    wanted = (Delivery.campaign_id == campaign_id, Delivery.state.in_(states))
    rows = select(Delivery.id, Delivery.state).where(*wanted).with_for_update()
    if only is not None:
        rows = rows.where(id_in(session, Delivery.id, only))
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
