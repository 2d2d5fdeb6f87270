"""Every alert made for a person, and what became of it, for the copy of their data (PIPL article 45)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.channel import Channel
from alerts.model.content import AlertKind
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Campaign, Delivery


@dataclass(frozen=True, slots=True)
class MadeFor:
    """One alert to one member.

    Attributes:
        at: when it was settled; when it was made, if it is not settled yet.
        channel: the channel that it went by; None if it has not gone.
    """

    at: datetime
    kind: AlertKind
    title: str
    state: RowState
    channel: Channel | None


async def member_history(session: AsyncSession, member_id: int, *, limit: int | None = None) -> list[MadeFor]:
    """Return the newest alerts to a member, newest first. None: all of them."""
    rows = await session.execute(
        select(
            Delivery.settled_at,
            Campaign.created_at,
            Campaign.kind,
            Campaign.title,
            Delivery.state,
            Delivery.channel,
        )
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .where(Delivery.member_id == member_id)
        .order_by(func.coalesce(Delivery.settled_at, Campaign.created_at).desc(), Delivery.id.desc())
        .limit(limit)
    )
    return [
        MadeFor(
            settled_at or created_at,
            AlertKind(kind),
            title,
            RowState(state),
            Channel(channel) if channel else None,
        )
        for settled_at, created_at, kind, title, state, channel in rows
    ]
