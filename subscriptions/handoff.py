"""人工: conversations that wait for a person's answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.tables import HandOver, HandOverLine

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


class HandOvers:
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
                    insert(session, HandOver)
                    .values(member_id=member_id, opened_at=now, said_at=now, closed_by="")
                    .on_conflict_do_nothing()
                )
            number = await session.scalar(
                update(HandOver)
                .where(HandOver.member_id == member_id, HandOver.closed_at.is_(None))
                .values(said_at=now)
                .returning(HandOver.id)
            )
            if number is None:
                return False
            session.add(HandOverLine(hand_over_id=number, at=now, content=content[:LONGEST_LINE]))
        return True

    async def answer(self, number: int, operator: str, content: str) -> None:
        """Keep what an operator wrote, after it was sent."""
        now = self._clock()
        async with self._database.write() as session:
            await session.execute(update(HandOver).where(HandOver.id == number).values(answered_at=now))
            line = HandOverLine(hand_over_id=number, at=now, author=operator, content=content[:LONGEST_LINE])
            session.add(line)

    async def close(self, number: int, by: str) -> bool:
        """End a conversation; False where it has ended. The bot answers the member again from then on."""
        async with self._database.write() as session:
            return await _close(session, HandOver.id == number, by, self._clock())

    async def leave(self, member_id: int) -> bool:
        """The member ends it."""
        async with self._database.write() as session:
            return await _close(session, HandOver.member_id == member_id, "", self._clock())

    async def waiting(self, limit: int = 100) -> list[Waiting]:
        """Open conversations, those without an answer first, the longest waiting first."""
        last = (
            select(HandOverLine.content)
            .where(HandOverLine.hand_over_id == HandOver.id)
            .order_by(HandOverLine.id.desc())
            .limit(1)
            .correlate(HandOver)
            .scalar_subquery()
        )
        answered = func.coalesce(HandOver.answered_at >= HandOver.said_at, False)
        statement = (
            select(HandOver.id, HandOver.member_id, HandOver.said_at, answered, last)
            .where(HandOver.closed_at.is_(None))
            .order_by(answered, HandOver.said_at)
            .limit(limit)
        )
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        return [
            Waiting(number, member, said, bool(done), line or "") for number, member, said, done, line in rows
        ]

    async def unanswered(self) -> int:
        """How many open conversations wait for an answer."""
        answered = func.coalesce(HandOver.answered_at >= HandOver.said_at, False)
        statement = select(func.count()).select_from(HandOver).where(HandOver.closed_at.is_(None), ~answered)
        async with self._database.read() as session:
            return await session.scalar(statement) or 0

    async def member_of(self, number: int) -> int | None:
        """Whose open conversation it is."""
        async with self._database.read() as session:
            return await session.scalar(
                select(HandOver.member_id).where(HandOver.id == number, HandOver.closed_at.is_(None))
            )

    async def lines(self, number: int) -> Sequence[Line]:
        """What was said in a conversation, in order."""
        return await self._lines(HandOverLine.hand_over_id == number)

    async def all_lines(self, member_id: int) -> list[Line]:
        """What was said in all of a member's conversations that we keep, in order."""
        own = select(HandOver.id).where(HandOver.member_id == member_id)
        return await self._lines(HandOverLine.hand_over_id.in_(own))

    async def _lines(self, which: ColumnElement[bool]) -> list[Line]:
        statement = (
            select(HandOverLine.at, HandOverLine.author, HandOverLine.content)
            .where(which)
            .order_by(HandOverLine.id)
        )
        async with self._database.read() as session:
            return [Line(at, author, content) for at, author, content in await session.execute(statement)]


async def _close(session: AsyncSession, which: ColumnElement[bool], by: str, now: datetime) -> bool:
    closed = await session.scalar(
        update(HandOver)
        .where(which, HandOver.closed_at.is_(None))
        .values(closed_at=now, closed_by=by)
        .returning(HandOver.id)
    )
    return closed is not None
