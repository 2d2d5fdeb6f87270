"""What operators teach, in every process within a second: words that count as keywords of a clause, confirmed questions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from policies.approval.four_eyes import person_of
from policies.questions.confirmed import ConfirmedQuestions
from policies.questions.tables import TaughtWord
from policies.questions.taught_version import count_change, taught_version
from policies.search.indexing import Taught
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
    """What operators taught, in the database.

    Attributes:
        confirmed: the questions with the answer that an operator confirmed.
    """

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock
        self._simplify = make_simplifier()
        self.confirmed = ConfirmedQuestions(database, clock)

    async def version(self) -> int:
        """Return how often words and confirmed questions have changed. It reads one row."""
        return await taught_version(self._database)

    async def all(self) -> list[Lesson]:
        """Return every taught word, newest first."""
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
        """Return the taught words that have effect, in the form that the index takes."""
        return tuple(Taught(lesson.policy_id, lesson.word) for lesson in await self.all() if not lesson.waits)

    def plain(self, word: str) -> str:
        """Return a word in the form that is kept.

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
            LessonError: no such word waits, or it is one's own.
        """
        async with self._database.write() as session:
            waiting = (TaughtWord.id == lesson_id, TaughtWord.waits)
            done = await session.execute(
                update(TaughtWord)
                .where(*waiting, TaughtWord.taught_by != person_of(by))
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
