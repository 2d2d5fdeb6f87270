"""Answers from the library. The answer to a text that many people send is composed once and kept."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from handlers.applying import open_now
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.table import INTENTS
from policies.search.decision import Decision
from policies.search.words.normalise import make_simplifier, normalise
from policies.search.words.text_cache import LONGEST, cache_by_text
from policies.windows.asked import read_window_question
from wechat.replies import Reply

_TEXTS_KEPT = 10_000
_REPLIES_KEPT = 1_000
"""Many texts have the same reply and share one object: 10,000 texts take 3 MB."""
_MEANT_KEPT = 10_000
"""Texts whose answer took the sentence model. Nearly half of what people type leaves words in doubt, and asking takes 18 ms."""
_MOST_WAITING = 8
"""Messages that wait for the sentence model at a time: a tenth of a second for the last of them."""


class AnswerCache:
    """Composes the answer to a text, and keeps it.

    An answer depends only on the text and the edition, because intent handlers do not know who asks. It is kept
    while the edition is the same: until clauses or words are published, an application window changes, or the
    day ends.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._edition: Edition | None = None
        self._first: Callable[[Reply], Reply]
        self._compose: Callable[[str], _Composed]
        self._by_meaning: dict[str, Answer] = {}
        self._thread = ThreadPoolExecutor(1, "meaning")
        self._waiting = 0

    async def edition(self) -> Edition:
        """What answers are made of now; the same object until one of its parts is another."""
        return await Edition.now(self._context, self._edition)

    async def answer(self, text: str, edition: Edition | None = None) -> Answer:
        """The answer to a text as it was typed. It may have any length, and it is the same for everybody.

        Where words leave a doubt, the sentence model is asked in its own thread. While many wait for it, words decide.
        """
        edition = edition or await self.edition()
        if edition is not self._edition and edition != self._edition:
            self._begin(edition)
        composed = self._compose(text)
        if not composed.unsure or edition.index.meanings is None:
            return composed.answer
        kept = self._by_meaning
        if text in kept:
            return kept[text]
        if self._waiting >= _MOST_WAITING:
            return composed.answer
        decision = await self._decided_by_meaning(edition, text)
        answer = INTENTS[decision.intent](decision, text, edition)
        answer = replace(answer, reply=self._first(answer.reply))
        if len(text) <= LONGEST:
            kept[text] = answer
            if len(kept) > _MEANT_KEPT:
                del kept[next(iter(kept))]
        return answer

    def _begin(self, edition: Edition) -> None:
        self._edition = edition
        self._first = lru_cache(maxsize=_REPLIES_KEPT)(_itself)
        self._compose = cache_by_text(make_answerer(edition, self._first), _TEXTS_KEPT)
        self._by_meaning = {}

    async def _decided_by_meaning(self, edition: Edition, text: str) -> Decision:
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, edition.index.decide_by_meaning, text)
        finally:
            self._waiting -= 1


class _Composed(NamedTuple):
    """An answer composed by words alone. `unsure`: the sentence model may know better."""

    answer: Answer
    unsure: bool


def make_answerer(edition: Edition, first: Callable[[Reply], Reply]) -> Callable[[str], _Composed]:
    """A function from a text to its answer out of one edition.

    Args:
        edition: what answers are made of.
        first: the first one of equal replies, so that answers share it.
    """
    simplify = make_simplifier()

    def compose(text: str) -> _Composed:
        asked = read_window_question(normalise(text, simplify), edition.today)
        if asked is not None and (answer := open_now.answer(asked, edition)) is not None:
            return _Composed(answer, unsure=False)
        decision = edition.index.decide(text)
        answer = INTENTS[decision.intent](decision, text, edition)
        return _Composed(replace(answer, reply=first(answer.reply)), decision.unsure)

    return compose


def _itself(reply: Reply) -> Reply:
    return reply
