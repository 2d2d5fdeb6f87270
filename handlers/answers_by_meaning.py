"""Answers that the sentence model decides, where words leave a doubt."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.table import INTENTS
from policies.search.words.text_cache import LONGEST
from wechat.replies import Reply

_KEPT = 10_000
_LONGEST_WAIT_S = 0.1
"""A message that would wait longer for the model, because others do already, is answered by words."""
_TAKES_S = 0.02
"""What an asking is taken to need before the first one is measured."""
_NEWEST = 0.2
"""Weight of the last asking in the time that an asking is taken to need."""


class AnswersByMeaning:
    """Asks the sentence model about each text once, in a thread, and keeps the answers of one edition.

    Args:
        edition: what answers are made of; its index has meanings.
        thread: where the model is asked.
        first: the first one of equal replies, so that answers share it.
    """

    def __init__(self, edition: Edition, thread: Executor, first: Callable[[Reply], Reply]) -> None:
        self._edition = edition
        self._thread = thread
        self._first = first
        self._kept: dict[str, Answer] = {}
        self._asking: dict[str, asyncio.Task[Answer]] = {}
        self._takes_s = _TAKES_S

    async def answer(self, text: str) -> Answer | None:
        """The answer to a text; None where so many others wait for the model that words must do.

        Everybody who types the same text meanwhile waits for the same asking.
        """
        if text in self._kept:
            return self._kept[text]
        asking = self._asking.get(text)
        if asking is None:
            if len(self._asking) * self._takes_s > _LONGEST_WAIT_S:
                return None
            asking = self._asking[text] = asyncio.create_task(self._ask(text))
            asking.add_done_callback(lambda _: self._asking.pop(text))
        return await asyncio.shield(asking)

    async def _ask(self, text: str) -> Answer:
        loop = asyncio.get_running_loop()
        began, waiting = loop.time(), len(self._asking)
        decision = await loop.run_in_executor(self._thread, self._edition.index.decide_by_meaning, text)
        self._takes_s += _NEWEST * ((loop.time() - began) / waiting - self._takes_s)
        answer = INTENTS[decision.intent](decision, text, self._edition)
        answer = replace(answer, reply=self._first(answer.reply))
        if len(text) <= LONGEST:
            self._kept[text] = answer
            if len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
        return answer
