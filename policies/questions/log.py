"""Questions that found no answer or a useless one, kept for operators, grouped by likeness.

No openid is kept with them. People type personal data into chats, so names and credit codes of companies, telephone numbers,
identity numbers, e-mail addresses and other long numbers are struck out before anything is kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.questions.answered import count_answered, recent_questions
from policies.questions.groups import AskedWording, add_to_groups
from policies.questions.tables import AskedQuestion, QuestionGroup
from policies.questions.word_effect import TriedQuestion
from policies.search.words.language import Language, load_language
from policies.search.words.normalise import Simplifier, Wrapper, compact, make_simplifier, normalise
from policies.search.words.text_cache import cache_by_text
from storage.clock import Clock, system_clock
from storage.sql.database import Database
from storage.tasks.outage_log import OutageLog
from storage.tasks.write_behind import keep_flushing, write_all

KEPT_CHARACTERS = 200
_CORE_CHARACTERS = 64
_MOST_WAITING = 5_000
_MOST_ANSWERED = 1_000
_EVERY_S = 5.0
"""Seconds between two writes. A crash loses what was asked within them."""
_AT_ONCE = 100
"""Wordings in one transaction, so that other writers do not wait long behind a flood of questions."""
_PERSONAL = re.compile(
    r"[a-z0-9_.+-]{1,64}+@[a-z0-9-]{1,63}+(?:\.[a-z0-9-]++)++|(?<![a-z0-9])[a-z]?[0-9][0-9x \-]{5,}[0-9x](?![a-z0-9])",
    re.I,
)
_CREDIT_CODE = re.compile(
    r"(?<![a-z0-9])(?=(?:[a-z \-]{0,12}+[0-9]){6})[a-z0-9](?:[ \-]?[a-z0-9]){17}(?![a-z0-9])", re.I
)
"""统一社会信用代码, as it is typed: 18 letters and digits, with spaces or strokes between."""
_COMPANY = re.compile(r"[^\W\d_是叫为的我们在和与及请问]{2,16}(?:有限责任公司|有限公司|合伙企业|合作社)")
_STRUCK = "＊"


@dataclass(frozen=True, slots=True)
class KeptWording:
    """One way a question was put; reason: declined, useless or person."""

    text: str
    reason: str
    times: int


@dataclass(frozen=True, slots=True)
class SimilarQuestions:
    """Questions alike, most asked wording first."""

    id: int
    times: int
    first_at: datetime
    last_at: datetime
    wordings: tuple[KeptWording, ...]


class QuestionLog:
    """Collects questions in memory and writes them every few seconds, so that a question costs no transaction."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock
        self._kept = cache_by_text(partial(_without_person, simplify=make_simplifier()), _MOST_WAITING)
        self._core = _Core(load_language().language)
        self._waiting: dict[tuple[str, str], int] = {}
        self._answered: Counter[str] = Counter()

    def answered(self, text: str) -> None:
        """Count a question that got an answer: what a new word must not spoil (see `answered_questions`)."""
        if len(text) <= KEPT_CHARACTERS and (text in self._answered or len(self._answered) < _MOST_ANSWERED):
            self._answered[text] += 1

    async def record(self, text: str, reason: str) -> None:
        """Keep a question, without what could tell who asked; it is written soon by `run`."""
        kept = self._kept(text)
        if not kept:
            return
        key = (kept, reason[:16])
        if key in self._waiting or len(self._waiting) < _MOST_WAITING:
            self._waiting[key] = self._waiting.get(key, 0) + 1

    async def run(self) -> None:
        """Write what was collected, until cancelled; then once more."""
        await keep_flushing(self.flush, OutageLog("questions.not_written"), _EVERY_S)

    async def flush(self) -> None:
        """Write what was collected. While the database is away it stays collected, and the error is raised."""
        await self._flush_answered()
        waiting, self._waiting = self._waiting, {}
        asked = sorted(waiting.items())
        try:
            await write_all(asked, self._write, _AT_ONCE, "questions.refused")
        except BaseException:
            self._take_back(asked)
            raise

    async def _write(self, asked: Sequence[tuple[tuple[str, str], int]]) -> None:
        some = [AskedWording(text, self._core.of(text), reason, times) for (text, reason), times in asked]
        await self._database.run_in_write_transaction(partial(add_to_groups, asked=some, now=self._clock()))

    def _take_back(self, asked: Iterable[tuple[tuple[str, str], int]]) -> None:
        """Put back what could not be written. Questions that came meanwhile stay."""
        for key, times in asked:
            if key in self._waiting or len(self._waiting) < _MOST_WAITING:
                self._waiting[key] = self._waiting.get(key, 0) + times

    async def _flush_answered(self) -> None:
        """Write the most asked of the answered questions. An error loses them; they are only samples."""
        answered, self._answered = self._answered, Counter()
        kept: Counter[str] = Counter()
        for text, times in answered.most_common(_AT_ONCE):
            if plain := self._kept(text):
                kept[plain] += times
        await write_all(sorted(kept.items()), self._write_answered, _AT_ONCE, "questions.refused")

    async def _write_answered(self, asked: Sequence[tuple[str, int]]) -> None:
        await self._database.run_in_write_transaction(partial(count_answered, asked=asked, now=self._clock()))

    async def recent(self) -> list[TriedQuestion]:
        """Return what was asked in the last 30 days, answered and unanswered."""
        async with self._database.read() as session:
            return await recent_questions(session, self._clock())

    async def groups(self, limit: int = 50, offset: int = 0) -> list[SimilarQuestions]:
        """Return groups nobody has settled, the most asked first; what this process collected is written first."""
        await self.flush()
        async with self._database.read() as session:
            rows = await session.scalars(
                select(QuestionGroup)
                .where(QuestionGroup.settled_at.is_(None))
                .order_by(QuestionGroup.times.desc(), QuestionGroup.last_at.desc())
                .limit(limit)
                .offset(offset)
            )
            groups = rows.all()
            wordings = await _wordings(session, [group.id for group in groups])
        return [
            SimilarQuestions(
                group.id,
                _times_asked(of_group := wordings.get(group.id, [])),
                group.first_at,
                group.last_at,
                tuple(of_group),
            )
            for group in groups
        ]

    async def count(self) -> int:
        """Return how many groups nobody has settled."""
        async with self._database.read() as session:
            unsettled = select(func.count()).where(QuestionGroup.settled_at.is_(None))
            return await session.scalar(unsettled) or 0

    async def settle(self, group_id: int, by: str) -> bool:
        """Settle a group. It opens again when one of its questions is asked again.

        Returns:
            Whether there was an open group.
        """
        async with self._database.write() as session:
            settled = await session.execute(
                update(QuestionGroup)
                .where(QuestionGroup.id == group_id, QuestionGroup.settled_at.is_(None))
                .values(settled_at=self._clock(), settled_by=by)
                .returning(QuestionGroup.id)
            )
            return settled.first() is not None


async def _wordings(session: AsyncSession, group_ids: Sequence[int]) -> dict[int, list[KeptWording]]:
    rows = await session.scalars(
        select(AskedQuestion)
        .where(AskedQuestion.group_id.in_(group_ids))
        .order_by(AskedQuestion.times.desc(), AskedQuestion.id)
    )
    found: dict[int, list[KeptWording]] = {}
    for row in rows:
        found.setdefault(row.group_id, []).append(KeptWording(row.text, row.reason, row.times))
    return found


def _times_asked(wordings: Iterable[KeptWording]) -> int:
    """Return how often questions were asked. One that was answered badly and then led to a person is stored for both."""
    unanswered, to_a_person = Counter[str](), Counter[str]()
    for one in wordings:
        (to_a_person if one.reason == "person" else unanswered)[one.text] += one.times
    return (unanswered | to_a_person).total()


def _without_person(text: str, simplify: Simplifier) -> str:
    """Return the part of a question that is kept; "" if it says nothing."""
    kept = without_personal_data(normalise(text, simplify))[:KEPT_CHARACTERS]
    return kept if compact(kept) else ""


def without_personal_data(text: str) -> str:
    """Return a text with personal data struck out: names and credit codes of companies, telephone, identity, card and
    other long numbers, e-mail addresses.
    """
    return _PERSONAL.sub(_STRUCK, _CREDIT_CODE.sub(_STRUCK, _COMPANY.sub(_STRUCK, text)))


class _Core:
    """What a question is about: the words of speech and of asking taken out."""

    def __init__(self, language: Language) -> None:
        words = (*language.fillers, *language.generic, *language.frame, *language.asking)
        longest_first = sorted({word for word in words if len(word) > 1}, key=len, reverse=True)
        self._silent = re.compile("|".join(map(re.escape, longest_first)))
        self._wrapper = Wrapper(language.fillers)

    def of(self, text: str) -> str:
        plain = compact(self._wrapper.unwrap(text))
        return (self._silent.sub("", plain) or plain)[:_CORE_CHARACTERS]
