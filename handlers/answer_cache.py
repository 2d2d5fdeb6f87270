"""Answers from the library. The answer to a text that many people send is composed once and kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from handlers.answers_by_meaning import AnswersByMeaning, Judged, WordsDecide
from handlers.application_windows import open_now
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.meaning_budget import MeaningBudget
from handlers.table import INTENTS
from policies.search.decision import Intent
from policies.search.words.normalise import make_simplifier, normalise
from policies.search.words.text_cache import cache_by_text
from policies.windows.asked import read_window_question
from wechat.replies import Reply

_TEXTS_KEPT = 10_000
_REPLIES_KEPT = 1_000
"""Many texts have the same reply and share one object: 10,000 texts take 3 MB."""
_LONGEST_JUDGED = 48
"""Longest text that the model reads, in characters. Nobody asks for an act in more."""


class AnswerCache:
    """Composes the answer to a text, and keeps it.

    An answer depends only on the text and the edition, because intent handlers do not know who asks. It is kept
    while the edition is the same: until clauses or words are published, an application window changes, or the
    day ends.
    """

    def __init__(
        self, context: Context, words_decide: WordsDecide | None = None, budget: MeaningBudget | None = None
    ) -> None:
        """Args:
        words_decide: is called with the reason, if words decide instead of the sentence model.
        budget: how much of the processor the model may take; None: what it needs.
        """
        self._context = context
        self._words_decide = words_decide or (lambda _: None)
        self._kept: _EditionCache | None = None
        self._thread = ThreadPoolExecutor(1, "meaning")
        self._budget = budget

    async def edition(self) -> Edition:
        """Return the parts that answers are made of now. It is the same object until one part changes."""
        return await Edition.now(self._context, self._kept.edition if self._kept else None)

    async def answer(self, text: str, edition: Edition | None = None) -> Answer:
        """Answer a text as it was typed. It may have any length, and everybody gets the same answer.

        If the words leave a doubt, the sentence model is asked. If the model is busy, the words decide.
        """
        edition = edition or await self.edition()
        kept = self._of(edition)
        composed = kept.compose(text)
        if not composed.unsure or edition.index.meanings is None:
            return composed.answer
        judged = await kept.by_meaning.judged(text)
        if judged is None or (composed.answer.rests_on and judged.agrees(composed.answer)):
            return composed.answer
        return judged.answer

    def elsewhere(self, edition: Edition) -> Callable[[str], bool]:
        """Return a function that says whether a text names a subject or a place outside the library."""
        return lambda text: self._of(edition).compose(text).elsewhere

    async def confirmed(self, answer: Answer | None, edition: Edition) -> Answer | None:
        """Return the answer if it is sure, or if the sentence model agrees with it; else None.

        Every answer that was found by words passes the same check by the model as a normal question.

        Args:
            answer: about the edition's clauses; None if there is no answer.
            edition: what answers are made of.
        """
        if answer is None or not answer.rests_on or edition.index.meanings is None:
            return answer
        judged = await self._of(edition).by_meaning.judged(answer.rests_on)
        if judged is None:
            return answer
        if not judged.agrees(answer):
            return None
        return replace(answer, intent=str(Intent.SEARCH)) if answer.intent == Intent.MAYBE else answer

    async def in_doubt(self, text: str, edition: Edition) -> Answer | None:
        """Return the answer by words alone if it is doubtful. Return None if it is sure, or if there is no sentence model."""
        if edition.index.meanings is None:
            return None
        composed = self._of(edition).compose(text)
        return composed.answer if composed.unsure else None

    async def judged(self, text: str, edition: Edition) -> Judged | None:
        """Ask the sentence model about a text if the words give a doubtful answer or none.

        Return None if the words are sure, or if the model cannot be asked: it is absent or busy, or the text is too
        long.
        """
        if edition.index.meanings is None or len(text) > _LONGEST_JUDGED:
            return None
        kept = self._of(edition)
        composed = kept.compose(text)
        return await kept.by_meaning.judged(text) if composed.unsure or composed.says_nothing else None

    def _of(self, edition: Edition) -> "_EditionCache":
        """Return the cache of this edition. The cache of another edition is dropped."""
        kept = self._kept
        if kept is None or (edition is not kept.edition and edition != kept.edition):
            kept = self._kept = _EditionCache(edition, self._thread, self._budget, self._words_decide)
        return kept


class _EditionCache:
    """The cached answers of one edition: by words (`compose`), and by the sentence model."""

    def __init__(
        self,
        edition: Edition,
        thread: ThreadPoolExecutor,
        budget: MeaningBudget | None,
        words_decide: WordsDecide,
    ) -> None:
        first = lru_cache(maxsize=_REPLIES_KEPT)(_itself)
        self.edition = edition
        self.compose = cache_by_text(make_answerer(edition, first), _TEXTS_KEPT)
        self.by_meaning = AnswersByMeaning(edition, thread, budget, first, words_decide)


class _Composed(NamedTuple):
    """An answer composed by words alone.

    Attributes:
        unsure: the sentence model may know better.
        elsewhere: the text names a subject or a place outside the library.
    """

    answer: Answer
    unsure: bool
    elsewhere: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether the answer declines, or asks what is meant."""
        return self.answer.gap or (not self.answer.clause_ids and self.answer.intent == Intent.SEARCH)


def make_answerer(edition: Edition, first: Callable[[Reply], Reply]) -> Callable[[str], _Composed]:
    """Return a function that answers a text from one edition.

    Args:
        edition: what answers are made of.
        first: the first one of equal replies, so that answers share it.
    """
    simplify = make_simplifier()

    def compose(text: str) -> _Composed:
        asked = read_window_question(normalise(text, simplify), edition.today)
        if asked is not None and (answer := open_now.answer(asked, edition)) is not None:
            rests_on = text if answer.rests_on else ""
            return _Composed(replace(answer, rests_on=rests_on), unsure=bool(rests_on))
        decision = edition.index.decide_once(text)
        answer = INTENTS[decision.intent](decision, text, edition)
        reply = first(answer.reply)
        return _Composed(
            answer if reply is answer.reply else replace(answer, reply=reply),
            decision.unsure,
            decision.names_elsewhere,
        )

    return compose


def _itself(reply: Reply) -> Reply:
    return reply
