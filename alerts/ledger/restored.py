"""After a database was restored from a backup: what may have been sent since the backup.

The ledger of such a database knows nothing of what was sent after the backup. So everything outgoing is stopped
until an operator has looked: what went out is cancelled, the rest goes on with `resume_sending`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.campaign_states import Status
from alerts.model.kill_switch import RESTORED, stop
from alerts.model.tables import Campaign, CampaignCount
from storage.clock import SHANGHAI
from storage.sql.switches import Switch, set_switch

BY = "policybot"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A campaign with waiting rows that may have been sent after the backup."""

    campaign_id: int
    title: str
    status: Status
    waiting: int


async def stop_as_restored(session: AsyncSession, since: datetime | None, now: datetime) -> None:
    """Stop everything outgoing, because the database is in its state at `since` (None: unknown)."""
    when = f" {since.astimezone(SHANGHAI):%Y-%m-%d %H:%M} " if since else "更早时间"
    reason = f"数据库是{when}的备份或副本，此后发出的消息没有记录。请核对待发的推送，取消已经发出的，再恢复。"
    await stop(session, BY, reason, now)
    connection = await session.connection()
    value = since.isoformat() if since else ""
    await connection.run_sync(lambda sync: set_switch(sync, RESTORED, value, BY, now))


async def restored(session: AsyncSession) -> Switch | None:
    """Return the finding in force. Its `value` is the instant of the database's state; "" if it is unknown."""
    return await session.get(Switch, RESTORED)


async def doubtful(session: AsyncSession) -> list[Doubtful]:
    """Return the campaigns that are to send, with what waits; the oldest first."""
    open_now = (Status.SCHEDULED, Status.SENDING, Status.PAUSED)
    rows = await session.execute(
        select(Campaign.id, Campaign.title, Campaign.status, CampaignCount.n)
        .outerjoin(
            CampaignCount,
            (CampaignCount.campaign_id == Campaign.id) & (CampaignCount.state == "pending"),
        )
        .where(Campaign.status.in_(open_now))
        .order_by(Campaign.id)
    )
    return [Doubtful(number, title, Status(status), waiting or 0) for number, title, status, waiting in rows]
