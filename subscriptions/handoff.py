"""人工: conversations that wait for a person's answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.tables import Handoff, HandoffLine

ANSWERABLE_FOR = timedelta(hours=48)
"""How long after the member's last message WeChat lets us answer (客服消息, docs/wechat.md §5.1)."""
LONGEST_LINE = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `author` is "" for the member, else the operator's name."""

    at: datetime
    author: str
    content: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open conversation.

    Attributes:
        said_at: when the member last wrote.
        answered: an operator wrote after that.
        answer_by: until when WeChat lets us answer.
    """

    id: int
    member_id: int
    said_at: datetime
    answered: bool
    last_line: str

    @property
    def answer_by(self) -> datetime:
        return self.said_at + ANSWERABLE_FOR


class Handoffs:
    """Opens, continues and ends conversations with a person. Times are real: WeChat's window is."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def say(self, member_id: int, content: str, *, begin: bool = False) -> bool:
        """Keep what a member wrote; False where no conversation is open and none is to begin."""
        now = self._clock()
        async with self._database.write() as session:
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
            session.add(HandoffLine(handoff_id=number, at=now, content=content[:LONGEST_LINE]))
        return True

    async def answer(self, number: int, operator: str, content: str) -> None:
        """Keep what an operator wrote, after it was sent."""
        now = self._clock()
        async with self._database.write() as session:
            await session.execute(update(Handoff).where(Handoff.id == number).values(answered_at=now))
            line = HandoffLine(handoff_id=number, at=now, author=operator, content=content[:LONGEST_LINE])
            session.add(line)

    async def close(self, number: int, by: str) -> bool:
        """End a conversation; False where it has ended. The bot answers the member again from then on."""
        async with self._database.write() as session:
            return await _close(session, Handoff.id == number, by, self._clock())

    async def leave(self, member_id: int) -> bool:
        """The member ends it."""
        async with self._database.write() as session:
            return await _close(session, Handoff.member_id == member_id, "", self._clock())

    async def waiting(self, limit: int = 100) -> list[Waiting]:
        """Open conversations, those without an answer first, the longest waiting first."""
        last = (
            select(HandoffLine.content)
            .where(HandoffLine.handoff_id == Handoff.id)
            .order_by(HandoffLine.id.desc())
            .limit(1)
            .correlate(Handoff)
            .scalar_subquery()
        )
        answered = func.coalesce(Handoff.answered_at >= Handoff.said_at, False)
        statement = (
            select(Handoff.id, Handoff.member_id, Handoff.said_at, answered, last)
            .where(Handoff.closed_at.is_(None))
            .order_by(answered, Handoff.said_at)
            .limit(limit)
        )
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        return [
            Waiting(number, member, said, bool(done), line or "") for number, member, said, done, line in rows
        ]

    async def unanswered(self) -> int:
        """How many open conversations wait for an answer."""
        answered = func.coalesce(Handoff.answered_at >= Handoff.said_at, False)
        statement = select(func.count()).select_from(Handoff).where(Handoff.closed_at.is_(None), ~answered)
        async with self._database.read() as session:
            return await session.scalar(statement) or 0

    async def member_of(self, number: int) -> int | None:
        """Whose open conversation it is."""
        async with self._database.read() as session:
            return await session.scalar(
                select(Handoff.member_id).where(Handoff.id == number, Handoff.closed_at.is_(None))
            )

    async def lines(self, number: int) -> Sequence[Line]:
        """What was said in a conversation, in order."""
        return await self._lines(HandoffLine.handoff_id == number)

    async def all_lines(self, member_id: int) -> list[Line]:
        """What was said in all of a member's conversations that we keep, in order."""
        own = select(Handoff.id).where(Handoff.member_id == member_id)
        return await self._lines(HandoffLine.handoff_id.in_(own))

    async def _lines(self, which: ColumnElement[bool]) -> list[Line]:
        statement = (
            select(HandoffLine.at, HandoffLine.author, HandoffLine.content)
            .where(which)
            .order_by(HandoffLine.id)
        )
        async with self._database.read() as session:
            return [Line(at, author, content) for at, author, content in await session.execute(statement)]


async def _close(session: AsyncSession, which: ColumnElement[bool], by: str, now: datetime) -> bool:
    closed = await session.scalar(
        update(Handoff)
        .where(which, Handoff.closed_at.is_(None))
        .values(closed_at=now, closed_by=by)
        .returning(Handoff.id)
    )
    return closed is not None
