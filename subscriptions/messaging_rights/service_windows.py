"""Service windows: the times in which WeChat allows customer-service messages to a member (docs/wechat.md §5.1).

A message from the member opens a window of 48 hours for 5 messages. A menu tap, a follow or a scan opens one of a
minute for 3 messages. Acts do not add up: each one sets its pool to the full count. WeChat's timers run in real
time, also when the sandbox has set another date, so pass `system_clock`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, cast

from sqlalchemy import Connection, Table, case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from storage.tasks.outage_log import OutageLog
from storage.tasks.write_behind import keep_flushing, write_all
from subscriptions.members.following import digest, lock_erasing_shared
from subscriptions.tables import Erasure, Member
from wechat.push.messages import Inbound

_ROWS = 250
"""Rows written in one transaction."""
_MEMBERS = cast(Table, Member.__table__)
_TAPS = frozenset({"click", "scancode_push", "scancode_waitmsg", "subscribe", "scan"})


class Pool(StrEnum):
    """The window from which a message is spent."""

    MESSAGE = "message"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class PoolRule:
    """How long a window is open, how many messages it allows, and its two columns in `members`."""

    pool: Pool
    lasts: timedelta
    messages: int

    @property
    def remaining(self) -> Any:
        """The column with the count of remaining messages."""
        return Member.message_left if self.pool is Pool.MESSAGE else Member.action_left

    @property
    def until(self) -> Any:
        """The column with the time at which the window closes."""
        return Member.message_until if self.pool is Pool.MESSAGE else Member.action_until


RULES = {
    Pool.ACTION: PoolRule(Pool.ACTION, timedelta(seconds=60), 3),
    Pool.MESSAGE: PoolRule(Pool.MESSAGE, timedelta(hours=48), 5),
}
"""In the order of spending: the short window closes first."""


def opened_by(inbound: Inbound) -> Pool | None:
    """Return the window that an act opens. A tap on a message menu arrives as a text, but WeChat counts it as a tap."""
    if inbound.kind == "event":
        return Pool.ACTION if inbound.event in _TAPS else None
    return Pool.ACTION if inbound.by_menu_tap else Pool.MESSAGE


class ServiceWindowLog:
    """Notes in memory which members opened a window, and writes them to the database once a second.

    All acts between two flushes count from the time of the first one. So a stored window is up to a second too
    short, never too long, and one statement writes all rows with the same values.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._since: datetime | None = None
        self._noted: dict[Pool, dict[str, datetime]] = {pool: {} for pool in Pool}

    def note(self, inbound: Inbound) -> None:
        """Note an act in memory. This does no I/O."""
        pool = opened_by(inbound)
        if pool is not None:
            if self._since is None:
                self._since = self._clock()
            self._noted[pool][inbound.openid] = self._since

    def forget(self, openid: str) -> None:
        """Drop what is noted of a person who is being erased."""
        for noted in self._noted.values():
            noted.pop(openid, None)

    async def flush(self) -> None:
        """Write what was noted. Unknown persons become members, except those who asked to be erased.

        Raises:
            SQLAlchemyError, OSError: the database is away. What was noted is kept for the next flush.
        """
        noted = {pool: acts for pool, acts in self._noted.items() if acts}
        if not noted:
            return
        self._noted, self._since = {pool: {} for pool in Pool}, None
        try:
            for pool, acts in noted.items():
                for at in sorted(set(acts.values())):  # more than one only after a flush that failed
                    openids = sorted(openid for openid, since in acts.items() if since == at)
                    write = partial(self._write, RULES[pool], at)
                    await write_all(openids, write, _ROWS, "service_windows.refused")
        except BaseException:
            for pool, acts in noted.items():
                self._noted[pool] = acts | self._noted[pool]
            raise

    async def _write(self, rule: PoolRule, at: datetime, openids: Sequence[str]) -> None:
        await self._database.run_in_write_transaction(partial(_write, rule=rule, openids=openids, at=at))

    async def run(self) -> None:
        """Flush once a second until cancelled, and a last time then."""
        await keep_flushing(self.flush, OutageLog("service_windows.not_written"))


def _write(connection: Connection, rule: PoolRule, openids: Sequence[str], at: datetime) -> None:
    """Open a window for many members. The openids are sorted, so that two processes cannot deadlock."""
    lock_erasing_shared(connection)
    strangers = set(openids) - _open(connection, rule, openids, at)
    if strangers:
        _welcome(connection, strangers, at)
        _open(connection, rule, sorted(strangers), at)


def _open(connection: Connection, rule: PoolRule, openids: Sequence[str], at: datetime) -> set[str]:
    """Open the window for those who are members. Returns their openids."""
    opened = connection.scalars(
        update(_MEMBERS)
        .where(Member.openid.in_(openids))
        .values({rule.until.key: at + rule.lasts, rule.remaining.key: rule.messages})
        .returning(Member.openid)
    )
    return set(opened)


def _welcome(connection: Connection, strangers: Iterable[str], at: datetime) -> None:
    digests = {digest(openid): openid for openid in strangers}
    erased = connection.scalars(select(Erasure.digest).where(Erasure.digest.in_(digests)))
    kept_out = set(erased)
    let_in = sorted(openid for found, openid in digests.items() if found not in kept_out)
    rows = [{"openid": openid, "followed_at": at} for openid in let_in]
    if rows:
        connection.execute(insert(connection, _MEMBERS).on_conflict_do_nothing(), rows)


async def spend(session: AsyncSession, member_ids: Collection[int], now: datetime) -> dict[int, Pool]:
    """Spend one customer-service message of each member whose window is open, in the caller's transaction.

    Args:
        session: of `Database.write`.
        member_ids: each once.
        now: real time.

    Returns:
        The pool of each member's message. Members without an open window, and unfollowed ones, are missing.
    """
    spent: dict[int, Pool] = {}
    for rule in RULES.values():
        rest = [member_id for member_id in member_ids if member_id not in spent]
        if not rest:
            break
        taken = await session.scalars(
            update(Member)
            .where(Member.id.in_(rest), Member.following, rule.until > now, rule.remaining > 0)
            .values({rule.remaining: rule.remaining - 1})
            .returning(Member.id)
            .execution_options(synchronize_session=None)
        )
        spent |= dict.fromkeys(taken, rule.pool)
    return spent


async def give_back(session: AsyncSession, pool: Pool, member_ids: Collection[int]) -> None:
    """Give back one message to each member, for messages that were certainly not sent; never above the full count."""
    rule = RULES[pool]
    await session.execute(
        update(Member)
        .where(Member.id.in_(member_ids))
        .values(
            {rule.remaining: case((rule.remaining < rule.messages, rule.remaining + 1), else_=rule.remaining)}
        )
        .execution_options(synchronize_session=None)
    )


async def close(session: AsyncSession, member_ids: Collection[int]) -> None:
    """Close the windows: WeChat said that they are closed (45015) or used up (45047)."""
    await session.execute(
        update(Member)
        .where(Member.id.in_(member_ids))
        .values(message_left=0, action_left=0)
        .execution_options(synchronize_session=None)
    )
