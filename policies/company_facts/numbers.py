"""Numbers in what people type: sums of money in whole yuan (CNY), and counts with a unit. Exact. Pure.

A rough sum (三千来万, 500多万) is read as the round number that it names; the person sees it and corrects it. A span
(500到800万, 七八百万) and an open number (几十万, 上百万) name no number and are not read.
"""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from policies.search.reading.numerals import as_number

_NUMERAL = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,13})(?:\.\d{1,6})?|[零〇一二两三四五六七八九十百千]{1,9}"
_ROUGH = "[多来余]?"
_SCALES = {
    "亿": 10**8,
    "万": 10**4,
    "w": 10**4,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "千": 1000,
    "百": 100,
}
_SCALE = rf"[千百十]{_ROUGH}万|个?{_ROUGH}亿|万|w(?![a-z])|千(?={_ROUGH}(?:元|块))"
_LOWER_SCALE = rf"[千百十]{_ROUGH}万|万"
_SAID_BETWEEN = re.compile("[个多来余]")
_MONEY = re.compile(
    rf"(?:(?P<n>{_NUMERAL})\s?{_ROUGH}|(?P<half>半)(?=个?亿))"
    rf"(?:(?P<scale>{_SCALE})(?P<more>亿)?"
    rf"(?:零?(?P<n2>{_NUMERAL})(?P<scale2>{_LOWER_SCALE})|(?P<tenth>[1-9一二两三四五六七八九])(?=$|[，,。；;、元块的了吧左上]))?"
    rf"{_ROUGH}\s?(?:元|块钱?|人民币)?|(?:元|块钱|块))"
)
_SPAN = re.compile(
    rf"(?:{_NUMERAL})\s?{_ROUGH}(?:{_SCALE})?\s?元?\s?(?:到|至|[-~～—–]+)\s?(?:{_NUMERAL})\s?{_ROUGH}(?=[万亿千百十w元块吨亩名人个台方立])"
)
_TWO_DIGITS = re.compile("[一二两三四五六七八九]{2}(?=[十百千]|$)")
"""七八百: one of two numbers."""
_OPEN = re.compile(
    r"几(?=[十百千万亿个多来]*[十百千万亿])"
    r"|(?:(?<![人总])数|(?<![以之线])上)(?=[十百千](?![一二两三四五六七八九])|[万亿])"
)
"""几十万, 上百万, 数千元: they name no number."""
_DIGITS = re.compile(r"[\d,.]+")
_ANY = re.compile(r"[\d零〇一二两三四五六七八九十百千半]")


class Number(NamedTuple):
    """A number in a text.

    Attributes:
        value: whole yuan, or a count.
        unit: "元", or the unit of the count.
    """

    value: int | Decimal
    unit: str
    start: int
    end: int


def money_in(text: str) -> Iterator[Number]:
    """Sums with a unit of money: 3000万, 1亿2千万, 两个亿, 三千来万, 50,000元. A fraction of a yuan is dropped."""
    if not _ANY.search(text):
        return
    spans = _no_numbers(text)
    for found in _MONEY.finditer(text):
        value = _money(found)
        if value is not None and not _is_in(spans, found.span()):
            yield Number(value, "元", *found.span())


def counts_in(text: str, units: Collection[str]) -> Iterator[Number]:
    """Numbers before one of these units: 1200吨, 三名, 10.5亩, 两千来亩."""
    if not _ANY.search(text):
        return
    spans = _no_numbers(text)
    for found in _counting(tuple(units)).finditer(text):
        value = _value(found["n"])
        if value is not None and not _is_in(spans, found.span()):
            scale = _SCALES.get(found["scale"] or "", 1)
            yield Number(_plain(value * scale), found["unit"], *found.span())


def bare_number(text: str) -> int | Decimal | None:
    """The number that a text is, with or without a unit of money; None where it is more than a number.

    As an answer to a question for a sum, 3000 is 3000 yuan; people who mean 万 say so.
    """
    money = next(money_in(text), None)
    if money is not None and money.end - money.start >= len(text) - 2 and money.start <= 2:
        return money.value
    value = _value(text) if re.fullmatch(_NUMERAL, text) else None
    return None if value is None else _plain(value)


def is_span(text: str) -> bool:
    """Whether a text names a span or an open number (500到800万, 七八百万, 几十万), where a number is meant."""
    return bool(_no_numbers(text)) or any(
        found["n"] is not None and _TWO_DIGITS.search(found["n"]) for found in _MONEY.finditer(text)
    )


@lru_cache(maxsize=8)
def _counting(units: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    return re.compile(rf"(?P<n>{_NUMERAL})\s?{_ROUGH}(?P<scale>万|千)?\s?{_ROUGH}(?P<unit>{named})")


def _no_numbers(text: str) -> list[tuple[int, int]]:
    """Where a text has spans and open numbers; a number that overlaps one of these is none."""
    opened = [(found.start(), found.end() + 1) for found in _OPEN.finditer(text)]
    return [found.span() for found in _SPAN.finditer(text)] + opened


def _is_in(spans: list[tuple[int, int]], place: tuple[int, int]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in spans)


def _money(found: re.Match[str]) -> int | None:
    value = Decimal("0.5") if found["half"] else _value(found["n"])
    if value is None:
        return None
    scale = _scale(found["scale"])
    sum_ = value * scale
    if found["n2"]:
        more = _value(found["n2"])
        if more is None:
            return None
        sum_ += more * _scale(found["scale2"])
    elif found["tenth"] and scale >= _SCALES["万"]:
        tenth = _value(found["tenth"]) or Decimal(0)
        sum_ += tenth * scale / 10
    return int(sum_) * (_SCALES["亿"] if found["more"] else 1)


def _scale(written: str | None) -> int:
    return _SCALES.get(_SAID_BETWEEN.sub("", written or ""), 1)


def _value(numeral: str) -> Decimal | None:
    if _DIGITS.fullmatch(numeral):
        return Decimal(numeral.replace(",", ""))
    if _TWO_DIGITS.search(numeral):
        return None
    try:
        return Decimal(int(as_number(numeral)))
    except ValueError:
        return None


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == int(value) else value
