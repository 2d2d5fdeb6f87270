"""已申报: a member has applied for a window, and its reminders stop."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.rows.row_reasons import APPLIED
from alerts.model.tables import Applied, Campaign, Delivery
from policies.library.tables import WindowRow
from storage.sql.upsert import insert


async def mark_applied(session: AsyncSession, member_id: int, window_id: int, now: datetime) -> bool:
    """Stop a window's reminders for a member, including those that wait in the ledger. Return False if there is
    no such window.
    """
    window = await session.get(WindowRow, window_id)
    if window is None or window.withdrawn_at is not None:
        return False
    await session.execute(
        insert(session, Applied)
        .values(member_id=member_id, window_id=window_id, at=now)
        .on_conflict_do_nothing(index_elements=["member_id", "window_id"])
    )
    stopped = await session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(_waiting(member_id, window_id)), Delivery.state + "" == "pending")
        .values(state="skipped", reason=APPLIED, settled_at=now)
        .returning(Delivery.campaign_id)
        .execution_options(synchronize_session=False)
    )
    for campaign_id in sorted(stopped):
        await add_counts(session, campaign_id, {"pending": -1, "skipped": 1})
    return True


async def unmark_applied(session: AsyncSession, member_id: int, window_id: int) -> bool:
    """Let a window's later reminders reach the member again. False: they had not been stopped."""
    gone = await session.scalar(
        delete(Applied)
        .where(Applied.member_id == member_id, Applied.window_id == window_id)
        .returning(Applied.window_id)
    )
    return gone is not None


async def applied_windows(session: AsyncSession, member_id: int) -> frozenset[int]:
    """Return the windows that a member has applied for."""
    found = await session.scalars(select(Applied.window_id).where(Applied.member_id == member_id))
    return frozenset(found)


def _waiting(member_id: int, window_id: int) -> Any:
    return (
        select(Delivery.id)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .where(Delivery.member_id == member_id, Campaign.window_id == window_id)
        .where(Delivery.tried_at.is_(None))
        .with_for_update(of=Delivery, skip_locked=True)
    )
