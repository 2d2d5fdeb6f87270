"""Answers several needs in one message, if the search sees only one of them. Each need is asked by itself.

The search parts a message only if words alone make every part clear (`policies/search/reading/needs`). Here each part
is a question of its own, so the sentence model is asked too. A part that no clause answers is named.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from handlers.answer_cache import AnswerCache
from handlers.answers.multiple_needs import in_brief
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.phrases import asks
from handlers.framework.taps import clause_tap, tap
from policies.questions.log import QuestionLog
from policies.search.decision import Intent
from policies.search.reading.needs import CONNECTOR, EDGES, parts_by_count, parts_by_numbers
from policies.search.words.text_cache import cache_by_text
from wechat.texts import escape_typed

_LONGEST_MESSAGE = 160
_FEWEST_NEEDS, _MOST_NEEDS = 2, 5
_LONGEST_PART = 120
_CHARACTERS_SHOWN = 40
_MIN_WEAK = 3
"""Parts between commas alone are needs only if there are at least this many."""
_TEXTS_KEPT = 10_000
_TITLES = 2
_MARK = re.compile(r"[；;？?。\n]+")
_WEAK = re.compile(r"[，,]")
_SPACED = re.compile(r"[、，,\s]+")
_SHORT = 8
_EACH = re.compile(
    r"(?P<last>.{0,8}?)(?:这|那)?(?:[两三四五几]个?)?(?:都|分别|各自?|一起|全){1,2}"
    r"(?:给我|帮我|能)?(?:说|讲|看|查|发|介绍|了解|要|补|给|奖|拿)"
    r"(?:说|讲|看|查|我|一?下|多少钱?|什么){0,2}"
)
"""What is asked of each of several subjects (高企 技改 算力券 都说说)."""
_PARTED = re.compile(rf"[，,、：:；;。？?\s]|{CONNECTOR.pattern}")
"""What may stand between two parts."""


class _Parts(NamedTuple):
    """The parts of a message. `surely` means that the message itself says that they are several (三件事：…,
    一是 … 二是 …, 还有).
    """

    texts: tuple[str, ...]
    surely: bool


def _parts_of_needs(text: str) -> _Parts:
    """Return the parts of a message that may be separate needs; none if it is long or has one part."""
    if len(text) > _LONGEST_MESSAGE or not _PARTED.search(text.strip(EDGES)):
        return _Parts((), surely=False)
    if (each := _of_each(text)) is not None:
        return _Parts(each, surely=True)
    if set_apart := parts_by_numbers(text) or parts_by_count(text):
        return _Parts(_fitting(set_apart), surely=True)
    apart = _cut(CONNECTOR, text)
    fine = tuple(piece for part in apart for mark in _cut(_MARK, part) for piece in _cut(_WEAK, mark))
    if len(fine) >= _MIN_WEAK and sum(map(asks, fine)) > 1:
        return _Parts(fine, surely=len(apart) > 1)
    if len(apart) > 1:
        return _Parts(apart, surely=True)
    return _Parts(_cut(_MARK, text), surely=False)


def _of_each(text: str) -> tuple[str, ...] | None:
    """Return the subjects if a message asks the same of each. Return None if it does not say so."""
    *parts, last = _SPACED.split(text.strip(EDGES))
    asked = _EACH.fullmatch(last)
    if asked is None or not parts or any(len(part) > _SHORT for part in parts):
        return None
    return tuple(part for part in (*parts, *re.split(r"[和跟与及]", asked["last"])) if len(part) > 1)


def _cut(between: re.Pattern[str], text: str) -> tuple[str, ...]:
    return _fitting(piece.strip(EDGES) for piece in between.split(text))


def _fitting(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part for part in parts if 1 < len(part) <= _LONGEST_PART)


parts_of_needs: Callable[[str], _Parts] = cache_by_text(_parts_of_needs, _TEXTS_KEPT)


async def answer_needs(
    text: str, whole: Answer, edition: Edition, answers: AnswerCache, questions: QuestionLog
) -> Answer | None:
    """Answer each need. Return None if the message has only one, or if the search has seen them all.

    Args:
        text: the message.
        whole: what the search says to the whole message.
        edition: what answers are made of.
        answers: asks the library.
        questions: keeps the needs that it does not answer.
    """
    if whole.intent not in {Intent.SEARCH, Intent.NONE, Intent.MAYBE, Intent.MULTI}:
        return None
    parts = parts_of_needs(text)
    if len(parts.texts) < _FEWEST_NEEDS:  # nearly all messages
        return None
    needs = [
        one for one in parts.texts if edition.index.names_a_subject(one) or edition.index.decide(one).clauses
    ]
    if not _FEWEST_NEEDS <= len(needs) <= _MOST_NEEDS or not (parts.surely or all(map(asks, needs[:-1]))):
        return None
    told = [(need, await answers.answer(need, edition)) for need in needs]
    firsts = list(dict.fromkeys(one.clause_ids[0] for _, one in told if one.clause_ids))
    missed = [need for need, one in told if not one.clause_ids]
    if missed and not parts.surely and not any(asks(need) for need, one in told if one.clause_ids):
        return None  # what asks says more with the rest, which only tells who asks or why (…给点房租钱吗？我是hr)
    if not firsts or len(firsts) + len(missed) < len(needs):
        return None
    if set(firsts) <= set(whole.named or whole.clause_ids) and whole.intent is Intent.MULTI and not missed:
        return None
    for need in missed:
        if edition.index.place_named(need):
            continue  # of another place: no gap of this library
        await questions.record(need, "declined")
    return _composed(told, firsts, edition)


def _composed(told: Sequence[tuple[str, Answer]], firsts: Sequence[int], edition: Edition) -> Answer:
    blocks = [_block(need, answer, edition) for need, answer in told]
    if any(not answer.clause_ids for _, answer in told):
        blocks.append(f"没有找到的可以换个说法单独问，或回复 {tap('人工')}。")
    answer = Answer.of(Intent.MULTI, "\n\n".join(blocks), firsts)
    return replace(answer, named=tuple(firsts), about=0)


def _block(need: str, answer: Answer, edition: Edition) -> str:
    shown = f"“{escape_typed(need[:_CHARACTERS_SHOWN])}{'…' if len(need) > _CHARACTERS_SHOWN else ''}”"
    if not answer.clause_ids:
        return f"关于{shown}，没有找到对应的条款。"
    if answer.intent in {Intent.SEARCH, Intent.CLAUSE} and answer.listing is None:
        return f"关于{shown}：\n{in_brief(answer.clause_ids[0], edition)}"
    library = edition.index.library
    near = (
        policy for key in answer.clause_ids[:_TITLES] if (policy := edition.index.policy(key)) is not None
    )
    return "\n".join((f"关于{shown}，相近的是：", *(clause_tap(policy, library) for policy in near)))
