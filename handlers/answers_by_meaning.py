"""Asks the sentence model about doubtful questions, and keeps its answers."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from typing import Literal, NamedTuple

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.intent_by_meaning.rule import ActMeant, load_rule
from handlers.meaning_budget import MeaningBudget
from handlers.table import INTENTS
from policies.search.decision import Decision, Intent
from policies.search.index import PolicyIndex
from policies.search.meaning import Nearest
from policies.search.words.text_cache import LONGEST
from wechat.replies import Reply

_TEXTS_KEPT = 10_000
_LONGEST_WAIT_S = 0.1
"""If other messages would keep a message waiting longer for the model, the words answer it."""
_TAKES_S = 0.02
"""The assumed time of one call of the model, before the first one is measured."""
_NEWEST = 0.2
"""Weight of the newest measurement in the expected time of a call."""

WordsDecide = Callable[[Literal["queue", "budget"]], None]
"""Counts the doubtful questions that words decide, by cause."""


class Judged(NamedTuple):
    """The sentence model's result for a text: its decision, its answer, and the act or fact that is wanted, if any."""

    decision: Decision
    answer: Answer
    act: ActMeant | None = None

    def agrees(self, answer: Answer) -> bool:
        """Whether the model and the words agree: both name a common clause, or both find no clause."""
        answers = self.decision.intent not in {Intent.NONE, Intent.MAYBE}
        if not answer.clause_ids:
            return not answers
        return answers and not set(self.decision.clauses).isdisjoint(answer.clause_ids)


class AnswersByMeaning:
    """Asks the sentence model about each text once, in a thread, and keeps the answers of one edition.

    Args:
        edition: what answers are made of; its index has meanings.
        thread: where the model is asked.
        budget: how much of the processor it may take; None: what it needs.
        first: the first one of equal replies, so that answers share it.
        words_decide: is called with the reason, if words decide instead of the model.
    """

    def __init__(
        self,
        edition: Edition,
        thread: Executor,
        budget: MeaningBudget | None,
        first: Callable[[Reply], Reply],
        words_decide: WordsDecide,
    ) -> None:
        self._edition = edition
        self._thread = thread
        self._budget = budget
        self._first = first
        self._words_decide = words_decide
        self._kept: dict[str, Judged] = {}
        self._asking: dict[str, asyncio.Task[Judged]] = {}
        self._takes_s = _TAKES_S

    async def judged(self, text: str) -> Judged | None:
        """Return what the model says to a text. Return None if too many others wait, or the model's budget is spent.

        Everybody who types the same text in the meantime waits for the same call.
        """
        if text in self._kept:
            return self._kept[text]
        asking = self._asking.get(text)
        if asking is None:
            if len(self._asking) * self._takes_s > _LONGEST_WAIT_S:
                self._words_decide("queue")
                return None
            if self._budget is not None and self._budget.is_spent():
                self._words_decide("budget")
                return None
            asking = self._asking[text] = asyncio.create_task(self._ask(text))
            asking.add_done_callback(lambda _: self._asking.pop(text))
        return await asyncio.shield(asking)

    async def _ask(self, text: str) -> Judged:
        loop = asyncio.get_running_loop()
        began, waiting = loop.time(), len(self._asking)
        decision, act, spent_s = await loop.run_in_executor(
            self._thread, _ask_in_thread, self._edition.index, text
        )
        if self._budget is not None:
            self._budget.spend(spent_s)
        self._takes_s += _NEWEST * ((loop.time() - began) / waiting - self._takes_s)
        answer = INTENTS[decision.intent](decision, text, self._edition)
        judged = Judged(decision, replace(answer, reply=self._first(answer.reply)), act)
        if len(text) <= LONGEST:
            self._kept[text] = judged
            if len(self._kept) > _TEXTS_KEPT:
                del self._kept[next(iter(self._kept))]
        return judged


def _ask_in_thread(index: PolicyIndex, text: str) -> tuple[Decision, ActMeant | None, float]:
    """Return the decision, the act that is meant, and the seconds that the model took for both.

    The seconds may include a few questions that the desk asked in the same time.
    """
    meanings = index.meanings
    if meanings is None:
        return index.decide_by_meaning(text), None, 0.0
    before, heard = meanings.spent_s, dict[str, Nearest]()

    def nearest(part: str) -> Nearest:
        heard[part] = meanings.nearest(part)
        return heard[part]

    decision = index.decide_by_meaning(text, nearest)
    return decision, _act_meant(heard, text), meanings.spent_s - before


def _act_meant(heard: Mapping[str, Nearest], text: str) -> ActMeant | None:
    """Return the act or fact that a text wants, by the vector made for the text.

    Return None if the model read only parts of the text.
    """
    whole = next(iter(heard), "")
    return load_rule().meant(heard[whole], text) if whole and 2 * len(whole) >= len(text) else None
