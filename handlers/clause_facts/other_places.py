"""Answers for another place or level of government (云溪有什么能申报, 市里的呢): what is held here, and whom to ask."""

import re
from dataclasses import replace

from handlers.answers.courtesies.welcome_and_help import titles, tried, try_these
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import clause_tap, taps
from policies.search.decision import Intent
from policies.search.words.normalise import compact
from wechat.texts import escape_typed

_LONGEST = 30
_LEVEL = re.compile(
    r"(?P<level>(?:全市|全省|市里|省里|市级|省级|市|省)|国家级?|全国|中央|部委|部里)(?:面?上|里面?|级|层面)?的?"
)
_LEVEL_AT = re.compile(r"全市|全省|市里|省里|市级|省级|国家级?(?!高)|全国|中央|部委")
_OTHERS = re.compile(
    r"(?:那|要是|如果)?"
    r"(?P<others>"
    r"(?:其他|其它|别的|外面的?|邻近的?|隔壁)(?:区|县|市|省|城市|地区|地方|城区|区县|省市)|"
    r"外地|外省|外市|外区|省外|市外|区外"
    r")"
    r"(?:的|那边)?(?:政策|补贴|也)?"
    r"(?:呢|有吗|有没有|有什么|有哪些|有啥|怎么样|能查吗|查得到吗|能申请什么)?(?:政策|补贴)?"
    r"(?:吗|呢)?"
)
"""Means other places in general, and nothing else."""
_SHOWN = 3
_OFFICE = {"市": "市级主管部门", "省": "省级主管部门"}


def is_level(named: str) -> bool:
    """Whether the words are only a level of government (市里, 省级的)."""
    return _LEVEL.fullmatch(compact(named)) is not None


def of_level(named: str, edition: Edition) -> Answer:
    """Say what is held here, and whom to ask at that level of government."""
    level = compact(named).removesuffix("的")
    office = next((office for sign, office in _OFFICE.items() if sign in level), "上级主管部门")
    return _answer(level, office, edition)


def of_named_level(text: str, edition: Edition) -> Answer | None:
    """Answer a question about a level of government rather than about a subject. Return None for others."""
    plain = compact(text)
    if len(plain) > _LONGEST:
        return None
    level = _LEVEL_AT.search(plain)
    if level is not None and not edition.index.names_a_subject(plain.replace(level[0], "", 1)):
        return of_level(level[0], edition)
    if is_level(plain.removesuffix("呢").removeprefix("那")):
        return of_level(plain.removesuffix("呢").removeprefix("那"), edition)
    return None


def of_other_place(text: str, edition: Edition, subject: str = "") -> Answer | None:
    """Answer a question about another place, in one form for all places. Return None if it names none.

    Args:
        text: the message.
        edition: what answers are made of.
        subject: the last subject, if the message names only the place (深圳的呢).
    """
    plain = compact(text)
    if len(plain) > _LONGEST:
        return None
    if (others := _OTHERS.fullmatch(plain)) is not None:
        return _answer(others["others"], "当地主管部门", edition, subject)
    place = edition.index.place_named(text)
    if not place or _is_ours(place, edition):
        return None
    rest = plain.replace(place, "", 1)
    return _answer(place, "当地主管部门", edition, rest if edition.index.names_a_subject(rest) else subject)


def _is_ours(place: str, edition: Edition) -> bool:
    """Whether a word that may be a place is the subject of a part of the documents."""
    sections = (one.title for document in edition.index.library.documents for one in document.sections)
    return any(place in title for title in sections)


def _answer(place: str, office: str, edition: Edition, subject: str = "") -> Answer:
    """Say what is held here and whom to ask there. Show clauses on the same subject, or the usual examples if none."""
    place, index = escape_typed(place), edition.index
    keys = index.decide(subject).clauses[:_SHOWN] if subject else ()
    ours = [clause_tap(policy, index.library) for policy in map(index.policy, keys) if policy is not None]
    ways = "\n".join(("这里的相关条款：", *ours, "")) if ours else try_these(index, "这里的可以试试：")
    said = (
        f"这里能查的是{titles(index.library)}的条文和登记过的申报通知，没有另外收录{place}的。"
        f"{place}的请向{office}了解。\n\n{ways}{taps('现在能申报什么', '目录')}"
    )
    shown = (index.library.typed(policy) for policy in map(index.policy, keys) if policy is not None)
    told = replace(Answer.of(Intent.NONE, said), asked=False, named=tuple(keys) if ours else (), about=0)
    return told.offering(shown if ours else tried(index))
