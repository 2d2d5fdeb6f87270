"""The life cycle of a member: follow, unfollow, follow again, or deletion some time after the unfollow."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, text, update

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.members.track_subscriptions import tracks_of
from subscriptions.tables import Erasure, Member

KEPT_AFTER_UNFOLLOW = timedelta(days=90)
UNFOLLOWED_VALUES: Mapping[str, Any] = {
    "following": False,
    "message_left": 0,
    "message_until": None,
    "action_left": 0,
    "action_until": None,
}
"""Columns that an unfollow sets besides `unfollowed_at`: nothing may be sent to the member any more."""

_ERASING = (
    0x65726173  # id of the advisory lock: an erasure excludes transactions that could insert the member again
)


@dataclass(frozen=True, slots=True)
class Followed:
    """The result of a follow.

    Attributes:
        member_id: the member.
        returned: they had unfollowed, and their earlier subscriptions and preferences apply again.
        tracks: ids of the tracks they subscribe to.
    """

    member_id: int
    returned: bool
    tracks: tuple[str, ...]


class Following:
    """Follow, unfollow, and deletion of members who unfollowed long ago."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def follow(self, openid: str) -> Followed:
        """Note that the person follows, perhaps again. Alerts may be sent, and earlier choices apply again."""
        now = self._clock()
        async with self._database.write() as session:
            await (await session.connection()).run_sync(lock_erasing_shared)
            left = await session.scalar(select(Member.unfollowed_at).where(Member.openid == openid))
            member_id = await session.scalar(
                insert(session, Member)
                .values(openid=openid, followed_at=now)
                .on_conflict_do_update(
                    index_elements=[Member.openid],
                    set_={"following": True, "unfollowed_at": None, "followed_at": now},
                    where=~Member.following,
                )
                .returning(Member.id)
            )
            if member_id is None:  # they were following already
                member_id = await session.scalar(select(Member.id).where(Member.openid == openid))
            await session.execute(delete(Erasure).where(Erasure.digest == digest(openid)))
            assert member_id is not None  # noqa: S101 - the row was written or found above
            tracks = await (await session.connection()).run_sync(tracks_of, member_id)
            return Followed(member_id, left is not None, tracks)

    async def unfollow(self, openid: str) -> bool:
        """Note that the person unfollowed: nothing more is sent. Their choices are kept in case they follow again.

        Returns:
            Whether they were following until now.
        """
        async with self._database.write() as session:
            gone = await session.scalar(
                update(Member)
                .where(Member.openid == openid, Member.following)
                .values(unfollowed_at=self._clock(), **UNFOLLOWED_VALUES)
                .returning(Member.id)
            )
        return gone is not None

    async def forget_long_gone(self, kept: timedelta = KEPT_AFTER_UNFOLLOW, *, batch: int = 1_000) -> int:
        """Delete members who unfollowed longer than `kept` ago, in batches. Returns the count."""
        forgotten = 0
        while True:
            async with self._database.write() as session:
                ids = (
                    await session.scalars(
                        select(Member.id)
                        .where(Member.unfollowed_at < self._clock() - kept)
                        .order_by(Member.unfollowed_at)
                        .limit(batch)
                    )
                ).all()
                # The DELETE checks again: on PostgreSQL one of them may have followed again in the meantime.
                gone = await session.scalars(
                    delete(Member).where(Member.id.in_(ids), ~Member.following).returning(Member.id)
                )
                forgotten += len(gone.all())
            if len(ids) < batch:
                return forgotten


def digest(openid: str) -> str:
    """Return the digest that is kept of an erased openid. It cannot be reversed: an openid has about 126 random bits."""
    return hashlib.blake2b(openid.encode(), digest_size=32, person=b"erased").hexdigest()


def lock_erasing_shared(connection: Connection) -> None:
    """Take the erasure lock shared: no erasure runs until this transaction ends. SQLite has one writer and needs none."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({_ERASING})"))


def lock_erasing_exclusive(connection: Connection) -> None:
    """Take the erasure lock alone. Transactions that could insert the member again wait, and then see the erasure."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ERASING})"))
