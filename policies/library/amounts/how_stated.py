"""How the sums of a clause are stated: as a maximum, a range, a pool or a plain sum. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from policies.library.folding import folded
from policies.numbers.printed import Money, money_in

TO = re.compile(r"\s*[-—–~～至到]+\s*")
"""What stands between the two ends of a range."""
NO_CAP = re.compile(r"(?:不设上限|上不封顶|不设限额)")

_MARKS = "，,；;。：:"
_CAP_BEFORE = re.compile(
    r"(?:最高|最多|至多|不超过|不高于|上限|限额|封顶)(?:[^，,、；;。\d]|、(?=[^\d]))[^，,；;。\d]{0,15}\Z"
    r"|(?:最高|最多|至多|不超过|不高于|上限|限额|封顶)\Z"
)
_CAP_AFTER = re.compile(r"\s*+(?:[（(]含[)）]\s*+)?+(?:以内|之内|以下|内(?!容)|封顶|为限|为上限|的?上限)")
_POOL_BEFORE = re.compile(r"(?<![公总])(?:共计?|合计|总计|总共)[^，,、；;。\d]{0,4}\Z")
_LISTED = re.compile(r"\s*(?:、|和|及|或|以及)\s*")
_EACH = re.compile("每")
_LONGEST_MEASURE = 2
"""Characters of a measure word between 每 and its unit."""
_SHORTEST_PIECE = 2


class Stated(StrEnum):
    """How a sum is stated."""

    PLAIN = "定额"
    MAX = "上限"
    LEAST = "区间的下限"
    MOST = "区间的上限"
    POOL = "合计"


@dataclass(frozen=True, slots=True)
class StatedSum:
    """A sum of a text and how the words around it state it."""

    money: Money
    stated: Stated


def stated_sums(text: str) -> list[StatedSum]:
    """Return every sum of a text in order. A later sum of a list (50万元、30万元) is stated as the first is."""
    found: list[StatedSum] = []
    sums = money_in(text)
    for at, money in enumerate(sums):
        before = found[-1] if found else None
        between = text[before.money.end : money.start] if before else ""
        after = sums[at + 1] if at + 1 < len(sums) else None
        if before and before.stated is Stated.LEAST:
            stated = Stated.MOST
        elif after and TO.fullmatch(text[money.end : after.start]):
            stated = Stated.LEAST
        elif before and before.stated is not Stated.MOST and _LISTED.fullmatch(between):
            stated = before.stated if not _CAP_AFTER.match(text, money.end) else Stated.MAX
        else:
            stated = _alone(text, before.money.end if before else 0, money)
        found.append(StatedSum(money, stated))
    return found


def _alone(text: str, start: int, money: Money) -> Stated:
    left = text[max(start, *(text.rfind(mark, 0, money.start) + 1 for mark in _MARKS)) : money.start]
    left = left.rstrip()
    if _CAP_BEFORE.search(left) or _CAP_AFTER.match(text, money.end):
        return Stated.MAX
    return Stated.POOL if _POOL_BEFORE.search(left) else Stated.PLAIN


def says_each(text: str, unit: str) -> bool:
    """Whether a text says 每 of a unit, with a measure word between or without (每个品种: 品种)."""
    text, wanted = folded(text), folded(unit).removeprefix("每")
    after_each = (part.start() + 1 for part in _EACH.finditer(text))
    return any(text.startswith(wanted, at + gap) for at in after_each for gap in range(_LONGEST_MEASURE + 1))


def said(text: str, words: str) -> bool:
    """Whether words are put together from pieces of a text, each of two characters or more.

    A tier is named by what stands apart in the clause: 国家级、省级和市级保种单位 says 省级保种单位.
    """
    text, words = folded(text), re.sub(r"[\W_]+", "", folded(words))
    reached = {0}
    for end in range(1, len(words) + 1):
        if any(
            start in reached and words[start:end] in text
            for start in range(max(0, end - _LONGEST_PIECE), end - _SHORTEST_PIECE + 1)
        ):
            reached.add(end)
    return len(words) in reached or words in text


_LONGEST_PIECE = 60
