"""Answers from the library. The answer to a text that many people send is composed once and kept."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from handlers.applying import open_now
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.table import INTENTS
from policies.search.words.normalise import make_simplifier, normalise
from policies.search.words.text_cache import cache_by_text
from policies.windows.asked import read_window_question
from wechat.replies import Reply

_TEXTS_KEPT = 10_000
_REPLIES_KEPT = 1_000
"""Many texts have the same reply and share one object: 10,000 texts take 3 MB."""


class AnswerCache:
    """Composes the answer to a text, and keeps it.

    An answer depends only on the text and the edition, because intent handlers do not know who asks. It is kept
    while the edition is the same: until clauses or words are published, an application window changes, or the
    day ends.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._edition: Edition | None = None
        self._compose: Callable[[str], Answer] | None = None

    async def edition(self) -> Edition:
        """What answers are made of now."""
        return await Edition.now(self._context)

    async def answer(self, text: str) -> Answer:
        """The answer to a text as it was typed. It may have any length, and it is the same for everybody."""
        edition = await self.edition()
        if self._compose is None or edition != self._edition:
            self._edition = edition
            self._compose = cache_by_text(make_answerer(edition), _TEXTS_KEPT)
        return self._compose(text)


def make_answerer(edition: Edition) -> Callable[[str], Answer]:
    """A function from a text to its answer out of one edition. Answers with equal replies share one reply object."""
    simplify = make_simplifier()
    first = lru_cache(maxsize=_REPLIES_KEPT)(_itself)

    def compose(text: str) -> Answer:
        asked = read_window_question(normalise(text, simplify), edition.today)
        if asked is not None and (answer := open_now.answer(asked, edition)) is not None:
            return answer
        decision = edition.index.decide(text)
        answer = INTENTS[decision.intent](decision, text, edition)
        return replace(answer, reply=first(answer.reply))

    return compose


def _itself(reply: Reply) -> Reply:
    return reply
