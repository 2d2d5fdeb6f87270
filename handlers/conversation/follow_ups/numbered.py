"""Answers the numbered or counted questions of one message together. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.clause_facts.own_status import lines_for, nearest_to
from handlers.conversation.screen.answering import FOLLOW_UP
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.phrases import asks
from handlers.framework.taps import clause_tap
from policies.search.index import PolicyIndex
from policies.search.reading.needs import parts_by_count, parts_by_numbers
from policies.search.words.text_cache import cache_by_text
from wechat.texts import escape_typed

_LONGEST_NUMBERED, _LEAST, _MOST_QUESTIONS, _SHOWN, _QUESTIONS_KEPT = 120, 2, 5, 40, 5_000


def _questions_in(text: str) -> tuple[str, ...]:
    """Return the numbered or counted questions of a message; () if it has none, or if they do not ask."""
    if len(text) > _LONGEST_NUMBERED:
        return ()
    head, *parts = parts_by_numbers(text) or ("", *parts_by_count(text))
    if head or not _LEAST <= len(parts) <= _MOST_QUESTIONS or any(len(part) < _LEAST for part in parts):
        return ()
    return tuple(parts) if any(map(asks, parts)) else ()


questions_in: Callable[[str], tuple[str, ...]] = cache_by_text(_questions_in, _QUESTIONS_KEPT)


def carries_on(parts: Sequence[str], index: PolicyIndex) -> bool:
    """Whether one of the questions names no subject of its own, while another one does."""
    own = [index.names_a_subject(part) for part in parts]
    return any(own) and not all(own)


@dataclass(frozen=True, slots=True)
class QuestionAndAnswer:
    """A question and its answer. `answer` is None if there is none. `of_library` means that the search gave it."""

    question: str
    answer: Answer | None
    of_library: bool


def composed(told: Sequence[QuestionAndAnswer], edition: Edition) -> Answer:
    """Return one block for each question. 第二问 then asks the second one again."""
    blocks = [f"{at}. {_shown(one.question)}\n{_block(one, edition)}" for at, one in enumerate(told, 1)]
    keys = [one.answer.clause_ids[0] for one in told if one.answer is not None and one.answer.clause_ids]
    named = tuple(dict.fromkeys(keys))
    about = keys[-1] if len(named) == 1 else None
    whole = Answer.of(FOLLOW_UP, "\n\n".join(blocks), named)
    answer = whole if about is None else Answer.on(FOLLOW_UP, whole.text, about)
    return answer.offering(one.question for one in told)


def _shown(question: str) -> str:
    return f"{escape_typed(question[:_SHOWN])}{'…' if len(question) > _SHOWN else ''}"


def _block(one: QuestionAndAnswer, edition: Edition) -> str:
    if one.answer is None:
        return "没有找到对应的条款，可以换个说法单独问。"
    policy = (
        edition.index.policy(one.answer.clause_ids[0]) if one.of_library and one.answer.clause_ids else None
    )
    if policy is None:
        return one.answer.text
    name = clause_tap(policy, edition.index.library)
    if not policy.amounts:
        return f"{name}\n{policy.text}"
    return "\n".join((name, *lines_for(policy, nearest_to(policy, one.question))))
