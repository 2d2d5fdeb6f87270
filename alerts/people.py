"""The members of a chunk as delivery needs them, and what is spent to reach them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.batches import among
from alerts.channels import Channel, Reach, messages_left
from subscriptions import contacts, grants
from subscriptions.contacts import Pool
from subscriptions.following import LEFT
from subscriptions.preferences import Digest, Preferences
from subscriptions.tables import Grant, Member

Spent = Pool | str | None
"""What a message costs: a pool of customer-service messages, a template's grant, or nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member about to be written to."""

    id: int
    openid: str
    following: bool
    preferences: Preferences
    reach: Reach


async def load(
    session: AsyncSession, ids: Iterable[int], notification_ids: Collection[str], real_now: datetime
) -> dict[int, Person]:
    """Members by id; the windows of customer-service messages are WeChat's, so they go by real time."""
    wanted = set(ids)
    granted: dict[int, set[str]] = {}
    if notification_ids:
        left = Grant.granted - Grant.spent - Grant.revoked > 0
        found = await session.execute(
            select(Grant.member_id, Grant.template_id).where(
                among(session, Grant.member_id, wanted), Grant.template_id.in_(notification_ids), left
            )
        )
        for member_id, template_id in found:
            granted.setdefault(member_id, set()).add(template_id)
    rows = await session.execute(
        select(
            Member.id,
            Member.openid,
            Member.following,
            Member.quiet_from,
            Member.quiet_until,
            Member.digest,
            Member.action_left,
            Member.action_until,
            Member.message_left,
            Member.message_until,
        ).where(among(session, Member.id, wanted))
    )
    return {
        id_: Person(
            id_,
            openid,
            following,
            Preferences(quiet_from=quiet_from, quiet_until=quiet_until, digest=Digest(digest)),
            Reach(
                messages_left(real_now, (action_left, action_until), (message_left, message_until)),
                frozenset(granted.get(id_, ())),
            ),
        )
        for (
            id_,
            openid,
            following,
            quiet_from,
            quiet_until,
            digest,
            action_left,
            action_until,
            message_left,
            message_until,
        ) in rows
    }


async def spend(
    session: AsyncSession, channel: Channel, template_id: str, member_ids: Collection[int], real_now: datetime
) -> dict[int, Spent]:
    """Spend what a message of this channel costs, for each member who has it; what was spent, by member."""
    if channel is Channel.CUSTOM:
        return dict(await contacts.spend(session, member_ids, real_now))
    if channel is Channel.SUBSCRIBE:
        taken = await grants.spend(session, template_id, member_ids)
        return dict.fromkeys(taken, template_id)
    return dict.fromkeys(member_ids)


async def give_back(session: AsyncSession, spent: Iterable[tuple[int, Spent]]) -> None:
    """Put back what was spent on messages that surely did not leave."""
    by_kind: dict[Spent, list[int]] = {}
    for member_id, kind in sorted(spent, key=lambda each: each[0]):
        by_kind.setdefault(kind, []).append(member_id)
    for kind, member_ids in by_kind.items():
        if isinstance(kind, Pool):
            await contacts.give_back(session, kind, member_ids)
        elif kind is not None:
            await grants.give_back(session, kind, member_ids)


async def close_way(
    session: AsyncSession, channel: Channel, template_id: str, member_ids: Collection[int]
) -> None:
    """WeChat says this way is closed for them (45015, 45047, 43101): believe it."""
    if channel is Channel.CUSTOM:
        await contacts.close(session, member_ids)
    elif channel is Channel.SUBSCRIBE:
        await grants.void(session, template_id, member_ids)


async def note_unfollowed(session: AsyncSession, member_ids: Collection[int], real_now: datetime) -> None:
    """WeChat says they left (43004, 50005); the event that told so went astray."""
    await session.execute(
        update(Member)
        .where(among(session, Member.id, member_ids), Member.following)
        .values(unfollowed_at=real_now, **LEFT)
        .execution_options(synchronize_session=None)
    )
