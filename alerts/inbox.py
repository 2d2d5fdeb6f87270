"""What a member has been told, and what waits in the inbox until the next conversation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.batches import among
from alerts.content import Content, Kind
from alerts.known import TOLD
from alerts.tables import Campaign, Delivery
from subscriptions.tables import Member

UNREAD: ColumnElement[bool] = and_(Delivery.state == literal_column("'inbox'"), Delivery.read_at.is_(None))


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that a member has, or has waiting.

    Attributes:
        at: when it was sent or laid into the inbox.
        unread: it waits in the inbox.
    """

    delivery_id: int
    kind: Kind
    content: Content
    at: datetime
    unread: bool


async def unread_count(session: AsyncSession, openid: str) -> int:
    """How many alerts wait for a person; 0 for a stranger."""
    return (
        await session.scalar(
            select(func.count())
            .select_from(Delivery)
            .join(Member, Member.id == Delivery.member_id)
            .where(Member.openid == openid, UNREAD)
        )
        or 0
    )


async def latest(session: AsyncSession, member_id: int, limit: int) -> list[Told]:
    """The newest alerts of a member, what is unread first."""
    rows = await session.execute(
        select(Delivery.id, Campaign.kind, Campaign.content, Delivery.settled_at, UNREAD)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .where(Delivery.member_id == member_id, Delivery.state.in_(TOLD), Delivery.settled_at.is_not(None))
        .order_by(UNREAD.desc(), Delivery.settled_at.desc(), Delivery.id.desc())
        .limit(limit)
    )
    return [
        Told(id_, Kind(kind), Content.model_validate(content), at, bool(unread))
        for id_, kind, content, at, unread in rows
        if at is not None
    ]


async def told(session: AsyncSession, campaign_id: int, member_id: int) -> Told | None:
    """A campaign's alert to a member; None where they are not among its recipients."""
    row = (
        await session.execute(
            select(Delivery.id, Campaign.kind, Campaign.content, Campaign.created_at, UNREAD)
            .join(Campaign, Campaign.id == Delivery.campaign_id)
            .where(Delivery.campaign_id == campaign_id, Delivery.member_id == member_id)
        )
    ).one_or_none()
    if row is None:
        return None
    return Told(
        row[0], Kind(row.kind), Content.model_validate(row.content), row.created_at, unread=bool(row[4])
    )


async def mark_read(session: AsyncSession, delivery_ids: Collection[int], now: datetime) -> None:
    """Take alerts out of the inbox: they have been handed over."""
    await session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, delivery_ids), Delivery.read_at.is_(None))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
