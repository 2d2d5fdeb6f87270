"""Reads when a document is in force, from its closing words (自…起施行，有效期3年). Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from policies.library.amounts.support import support_in
from policies.numbers.numerals import as_integer

_DAY = r"((?:19|20)\d\d)\s*+年\s*+(\d{1,2})\s*+月\s*+(\d{1,2})\s*+日"
_FROM = re.compile(
    rf"自\s*+(?:{_DAY}|(?:本[^，。]{{1,8}})?(?:发布|印发|公布|下发|颁布)之日)\s*+起?\s*+(?:正式)?(?:施行|实施|执行|生效|试行)(?!的)"
)
_PERIOD = r"(?:有效期限?|执行期限?|实施期限?|试行期限?|政策期限?)"
_UNTIL = re.compile(
    rf"{_PERIOD}\s*+(?:截?至|到|为\s*+至?)?\s*+(?:{_DAY}\s*+(?:起?\s*+[-—–~～至到]+\s*+))?{_DAY}"
)
_YEARS = re.compile(
    rf"{_PERIOD}\s*+(?:限|暂定)?(?:为|是|:|：)?\s*+([\d一二三四五六七八九十两]{{1,2}}+)\s*+(?:个)?(年|个?月)"
)
_OF_THE_DOCUMENT = re.compile(
    rf"{_FROM.pattern}|(?:\A|[。；;])\s*+(?:(?:本|以上|上述|该)[^，。；的]{{0,8}}|政策|文件)?{_PERIOD}"
)
_INTERPRETED = re.compile(r"(?:负责解释|解释权)")


@dataclass(frozen=True, slots=True)
class Validity:
    """When a document is in force.

    Attributes:
        begins: the first day; None if it is not stated, or is an unknown day of issue.
        ends: the last day; None if the document does not say.
        quote: the words.
    """

    begins: date | None
    ends: date | None
    quote: str

    @property
    def is_in_force_from(self) -> bool:
        """Whether the words tell from when, which a document says once."""
        return _FROM.search(self.quote) is not None


def validity_in(text: str, issued: date | None = None) -> Validity | None:
    """Return what a text says about the time in which its document is in force; None if it says nothing.

    Args:
        text: of a clause, or of words beside the clauses.
        issued: the day of issue, from which 自印发之日起 counts.
    """
    said = _OF_THE_DOCUMENT.search(text)
    if said is None:
        return None
    rest = text[said.start() :].lstrip("。；; ")
    begun = _FROM.search(rest)
    begins = (_day(begun.groups()) if begun[1] else issued) if begun else None
    until, years = _UNTIL.search(rest), _YEARS.search(rest)
    ends = None
    if until:
        begins = begins or _day(until.groups()[:3])
        ends = _day(until.groups()[3:])
    elif years and begins:
        ends = _after(begins, as_integer(years[1]) or 0, years[2])
    if begun is None and ends is None:
        return None
    return Validity(begins, ends, re.split(r"[。；;]", rest)[0].strip())


def closes_a_document(text: str) -> bool:
    """Whether an article says only when its document is in force and who interprets it, and grants nothing."""
    says = bool(_INTERPRETED.search(text)) or validity_in(text) is not None
    return says and not support_in(text)


def _day(parts: tuple[str | None, ...]) -> date | None:
    year, month, day = parts
    if not (year and month and day):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _after(begins: date, count: int, unit: str) -> date | None:
    """Return the last day of a period in years or months."""
    months = begins.month - 1 + (count * 12 if unit == "年" else count)
    year, month = begins.year + months // 12, months % 12 + 1
    try:
        return date(year, month, begins.day) - timedelta(days=1)
    except ValueError:  # 31 February: the month's last day
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
