"""Questions about another place or another level of government (云溪有什么能申报, 市里的呢): what is here, and who knows more."""

import re
from dataclasses import replace

from handlers.answers.courtesies.welcome_and_help import titles, try_these
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import taps
from policies.search.decision import Intent
from policies.search.words.normalise import compact
from wechat.texts import escape_typed

_LONGEST = 30
_LEVEL = re.compile(
    r"(?P<level>(?:全市|全省|市里|省里|市级|省级|市|省)|国家级?|全国|中央|部委|部里)(?:面?上|里面?|级|层面)?的?"
)
_LEVEL_AT = re.compile(r"全市|全省|市里|省里|市级|省级|国家级?(?!高)|全国|中央|部委")
_OFFICE = {"市": "市级主管部门", "省": "省级主管部门"}


def is_level(named: str) -> bool:
    """Whether what is named is a level of government and nothing else (市里, 省级的)."""
    return _LEVEL.fullmatch(compact(named)) is not None


def of_level(named: str, edition: Edition) -> Answer:
    """What is held here, and whom to ask of a level."""
    level = compact(named).removesuffix("的")
    office = next((office for sign, office in _OFFICE.items() if sign in level), "上级主管部门")
    return _answer(level, office, edition)


def of_other_place(text: str, edition: Edition) -> Answer | None:
    """The answer to a question that is about a place or a level rather than about a subject; None where it is not."""
    plain = compact(text)
    if len(plain) > _LONGEST:
        return None
    level = _LEVEL_AT.search(plain)
    if level is not None and not edition.index.names_a_subject(plain.replace(level[0], "", 1)):
        return of_level(level[0], edition)
    if is_level(plain.removesuffix("呢").removeprefix("那")):
        return of_level(plain.removesuffix("呢").removeprefix("那"), edition)
    place = edition.index.place_named(text)
    if not place or edition.index.names_a_subject(plain.replace(place, "", 1)):
        return None  # a subject in another place is declined as any question that is not for here
    return _answer(place, "当地主管部门", edition)


def _answer(place: str, office: str, edition: Edition) -> Answer:
    place = escape_typed(place)
    said = (
        f"这里能查的是{titles(edition.index.library)}的条文和登记过的申报通知，没有另外收录{place}的。"
        f"{place}的请向{office}了解。\n\n{try_these(edition.index, '这里的可以试试：')}{taps('现在能申报什么', '目录')}"
    )
    return replace(Answer.of(Intent.NONE, said), asked=False)
