"""人工: conversations that members handed to an operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from storage.tasks.polling import Followed
from subscriptions.tables import Handoff, HandoffLine, Member

ANSWERABLE_FOR = timedelta(hours=48)
"""After a member's last message WeChat allows an answer for this time (客服消息, docs/wechat.md §5.1)."""
LONGEST_LINE = 2000
BOT = "机器人"
"""The author of lines that tell what was said before a handoff, and what the bot answered meanwhile."""
_WAITING = (
    select(func.aggregate_strings(Member.openid, "\n"))
    .join(Handoff, Handoff.member_id == Member.id)
    .where(Handoff.closed_at.is_(None))
)
"""Whose handoffs are open. They are few: operators answer them one by one."""
_ANSWERED = func.coalesce(Handoff.answered_at >= Handoff.said_at, False)
_LAST_LINE = (
    select(HandoffLine.content)
    .where(HandoffLine.handoff_id == Handoff.id, HandoffLine.author != BOT)
    .order_by(HandoffLine.id.desc())
    .limit(1)
    .correlate(Handoff)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One line of a conversation. `author` is "" for the member, else the operator's name."""

    at: datetime
    author: str
    content: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open handoff.

    Attributes:
        said_at: the time of the member's last message (UTC).
        answered: an operator has written since then.
        answer_by: until then WeChat allows an answer (UTC).
    """

    id: int
    member_id: int
    said_at: datetime
    answered: bool
    last_line: str

    @property
    def answer_by(self) -> datetime:
        return self.said_at + ANSWERABLE_FOR


@dataclass(frozen=True, slots=True)
class Ended:
    """A handoff that has ended. Its lines are kept as long as the retention rules say.

    Attributes:
        ended_at: when (UTC).
        by: the operator who ended it; "" for the member.
        answered: an operator had written since the member's last message.
    """

    id: int
    member_id: int
    ended_at: datetime
    by: str
    answered: bool
    last_line: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Whose handoff it is, and when and by whom it was ended (`Ended`; None while it is open)."""

    member_id: int
    ended_at: datetime | None
    by: str


class Handoffs:
    """Opens, continues and closes handoffs. `clock` must give real time, because WeChat's 48 hours are real time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._people: frozenset[str] | None = None

    def may_be_open(self, openid: str) -> bool:
        """Whether a handoff of this person may be open, from memory. False: surely none that is a second old."""
        return self._people is None or openid in self._people

    async def is_open(self, member_id: int) -> bool:
        """Whether the member waits for a person, or talks with one."""
        statement = select(Handoff.id).where(Handoff.member_id == member_id, Handoff.closed_at.is_(None))
        found = await self._database.run_in_read_transaction(lambda connection: connection.scalar(statement))
        return found is not None

    def followed(self) -> Followed:
        """Return what the process polls, so that it knows who waits. While the database is away, every message asks it."""
        return Followed("handoffs.not_read", [_WAITING.scalar_subquery()], self._hear, self._forget)

    def _hear(self, openids: str | None) -> None:
        self._people = frozenset(openids.split("\n") if openids else ())

    def _forget(self) -> None:
        self._people = None

    async def say(self, member_id: int, content: str, *, begin: bool = False, before: str = "") -> bool:
        """Store a line of a member. Return False if no handoff is open and `begin` does not ask for a new one.

        Args:
            member_id: who writes.
            content: what they wrote.
            begin: open a handoff if none is open.
            before: what was said to the bot before a new handoff. It becomes the first line, by `BOT`.
        """
        now = self._clock()
        async with self._database.write() as session:
            known = await session.scalar(
                select(Handoff.id).where(Handoff.member_id == member_id, Handoff.closed_at.is_(None))
            )
            if begin:
                await session.execute(
                    insert(session, Handoff)
                    .values(member_id=member_id, opened_at=now, said_at=now, closed_by="")
                    .on_conflict_do_nothing()
                )
            number = await session.scalar(
                update(Handoff)
                .where(Handoff.member_id == member_id, Handoff.closed_at.is_(None))
                .values(said_at=now)
                .returning(Handoff.id)
            )
            if number is None:
                return False
            if known is None and before:
                line = HandoffLine(handoff_id=number, at=now, author=BOT, content=before[:LONGEST_LINE])
                session.add(line)
                await session.flush()
            session.add(HandoffLine(handoff_id=number, at=now, content=content[:LONGEST_LINE]))
        return True

    async def note(self, member_id: int, content: str) -> None:
        """Store a line by `BOT` in the member's handoff, if one is open. It asks for no answer."""
        open_now = select(Handoff.id).where(Handoff.member_id == member_id, Handoff.closed_at.is_(None))
        async with self._database.write() as session:
            if (number := await session.scalar(open_now)) is not None:
                line = HandoffLine(
                    handoff_id=number, at=self._clock(), author=BOT, content=content[:LONGEST_LINE]
                )
                session.add(line)

    async def answer(self, number: int, operator: str, content: str) -> None:
        """Store a line of an operator. Call it after the line was sent."""
        now = self._clock()
        async with self._database.write() as session:
            await session.execute(update(Handoff).where(Handoff.id == number).values(answered_at=now))
            line = HandoffLine(handoff_id=number, at=now, author=operator, content=content[:LONGEST_LINE])
            session.add(line)

    async def close(self, number: int, by: str) -> bool:
        """Close a handoff; the bot answers the member again. False: it was closed before."""
        async with self._database.write() as session:
            return await _close(session, Handoff.id == number, by, self._clock())

    async def leave(self, member_id: int) -> bool:
        """Close the member's open handoff, at the member's request. False: none is open."""
        async with self._database.write() as session:
            return await _close(session, Handoff.member_id == member_id, "", self._clock())

    async def waiting(self, limit: int = 100) -> list[Waiting]:
        """Open handoffs: those without an answer first, in each group the longest waiting first."""
        statement = (
            select(Handoff.id, Handoff.member_id, Handoff.said_at, _ANSWERED, _LAST_LINE)
            .where(Handoff.closed_at.is_(None))
            .order_by(_ANSWERED, Handoff.said_at)
            .limit(limit)
        )
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        return [
            Waiting(number, member, said, bool(done), line or "") for number, member, said, done, line in rows
        ]

    async def unanswered(self) -> int:
        """Return the count of open handoffs without an answer."""
        statement = select(func.count()).select_from(Handoff).where(Handoff.closed_at.is_(None), ~_ANSWERED)
        async with self._database.read() as session:
            return await session.scalar(statement) or 0

    async def ended(self, limit: int) -> list[Ended]:
        """Return the handoffs that ended last, the latest first."""
        statement = (
            select(Handoff.id, Handoff.member_id, Handoff.closed_at, Handoff.closed_by, _ANSWERED, _LAST_LINE)
            .where(Handoff.closed_at.is_not(None))
            .order_by(Handoff.closed_at.desc())
            .limit(limit)
        )
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        return [
            Ended(number, member, at, by, bool(done), line or "")
            for number, member, at, by, done, line in rows
            if at is not None
        ]

    async def find(self, number: int) -> Conversation | None:
        """Return a handoff, open or ended; None if it is unknown, or too old to be kept."""
        statement = select(Handoff.member_id, Handoff.closed_at, Handoff.closed_by).where(
            Handoff.id == number
        )
        async with self._database.read() as session:
            row = (await session.execute(statement)).one_or_none()
        return Conversation(*row) if row is not None else None

    async def lines(self, number: int) -> Sequence[ConversationLine]:
        """Return the lines of a handoff, in order."""
        return await self._lines(HandoffLine.handoff_id == number)

    async def all_lines(self, member_id: int) -> list[ConversationLine]:
        """Return the lines of all stored handoffs of a member, in order."""
        own = select(Handoff.id).where(Handoff.member_id == member_id)
        return await self._lines(HandoffLine.handoff_id.in_(own))

    async def _lines(self, which: ColumnElement[bool]) -> list[ConversationLine]:
        statement = (
            select(HandoffLine.at, HandoffLine.author, HandoffLine.content)
            .where(which)
            .order_by(HandoffLine.id)
        )
        async with self._database.read() as session:
            return [
                ConversationLine(at, author, content)
                for at, author, content in await session.execute(statement)
            ]


async def _close(session: AsyncSession, which: ColumnElement[bool], by: str, now: datetime) -> bool:
    closed = await session.scalar(
        update(Handoff)
        .where(which, Handoff.closed_at.is_(None))
        .values(closed_at=now, closed_by=by)
        .returning(Handoff.id)
    )
    return closed is not None
