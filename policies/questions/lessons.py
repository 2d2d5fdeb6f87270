"""Words that operators teach: a word given to a clause counts as its keyword, in every process within a second."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.questions.tables import TaughtState, TaughtWord
from policies.search.index import Taught
from policies.search.words.normalise import compact, make_simplifier, normalise
from storage.clock import Clock, system_clock
from storage.sql.database import Database
from storage.sql.upsert import insert

LONGEST_WORD = 24


class LessonError(ValueError):
    """A word can't be taught; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A taught word. One that `waits` has no effect before another person confirms it."""

    id: int
    policy_id: int
    word: str
    taught_by: str
    taught_at: datetime
    waits: bool = False
    confirmed_by: str | None = None


class Lessons:
    """The words taught, in the database."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock
        self._simplify = make_simplifier()

    async def version(self) -> int:
        """How often the words have changed; reads one row."""
        version = select(TaughtState.version)
        return (
            await self._database.run_in_read_transaction(lambda connection: connection.scalar(version)) or 0
        )

    async def all(self) -> list[Lesson]:
        """Every taught word, newest first."""
        async with self._database.read() as session:
            rows = await session.scalars(select(TaughtWord).order_by(TaughtWord.id.desc()))
            return [
                Lesson(
                    row.id,
                    row.policy_id,
                    row.word,
                    row.taught_by,
                    row.taught_at,
                    row.waits,
                    row.confirmed_by,
                )
                for row in rows
            ]

    async def words(self) -> tuple[Taught, ...]:
        """The taught words that have effect, in the form that the index takes."""
        return tuple(Taught(lesson.policy_id, lesson.word) for lesson in await self.all() if not lesson.waits)

    def plain(self, word: str) -> str:
        """A word as it is kept.

        Raises:
            LessonError: it is shorter than 2 or longer than 24 characters.
        """
        plain = compact(normalise(word, self._simplify))
        if not 2 <= len(plain) <= LONGEST_WORD:
            raise LessonError(f"词语应为 2 到 {LONGEST_WORD} 个字，“{word[:40]}”不合适。")
        return plain

    async def teach(self, policy_id: int, word: str, by: str, *, waits: bool = False) -> None:
        """Give a clause a word. A word that it already has is left as it is.

        Args:
            policy_id: the clause.
            word: as it was typed.
            by: who gives it.
            waits: the word has no effect before another person confirms it.

        Raises:
            LessonError: the word is shorter than 2 or longer than 24 characters.
        """
        plain = self.plain(word)
        row = {
            "policy_id": policy_id,
            "word": plain,
            "taught_by": by,
            "taught_at": self._clock(),
            "waits": waits,
        }
        async with self._database.write() as session:
            await session.execute(insert(session, TaughtWord).values(row).on_conflict_do_nothing())
            await count_change(session)

    async def confirm(self, lesson_id: int, by: str) -> None:
        """Confirm a word that waits, so that it has effect.

        Raises:
            LessonError: there is none that waits, or it is one's own.
        """
        async with self._database.write() as session:
            waiting = (TaughtWord.id == lesson_id, TaughtWord.waits)
            done = await session.execute(
                update(TaughtWord)
                .where(*waiting, TaughtWord.taught_by != by)
                .values(waits=False, confirmed_by=by)
                .returning(TaughtWord.id)
            )
            if done.first() is None:
                own = await session.scalar(select(TaughtWord.id).where(*waiting))
                raise LessonError("须由另一位同事确认。" if own else "没有待确认的词语。")
            await count_change(session)

    async def forget(self, lesson_id: int) -> bool:
        """Delete a word; returns whether there was one."""
        async with self._database.write() as session:
            gone = await session.execute(
                delete(TaughtWord).where(TaughtWord.id == lesson_id).returning(TaughtWord.id)
            )
            found = gone.first() is not None
            await count_change(session)
        return found


async def count_change(session: AsyncSession) -> None:
    """Raise the version, so that every process that polls it reads the words again."""
    first = insert(session, TaughtState).values(id=1, version=1)
    again = {"version": TaughtState.version + 1}
    await session.execute(first.on_conflict_do_update(index_elements=["id"], set_=again))
