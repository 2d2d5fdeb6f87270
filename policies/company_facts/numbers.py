"""Numbers in what people type: sums of money in whole yuan (CNY), and counts with a unit. Exact. Pure."""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from policies.search.reading.numerals import as_number

_NUMERAL = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,13})(?:\.\d{1,6})?|[零〇一二两三四五六七八九十百千]{1,9}"
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
_SCALE = "千万|百万|十万|亿|万|w(?![a-z])|千(?=元|块)"
_MONEY = re.compile(
    rf"(?P<n>{_NUMERAL})\s?(?:(?P<scale>{_SCALE})(?P<more>亿)?\s?(?:元|块钱?|人民币)?|(?:元|块钱|块))"
)
_DIGITS = re.compile(r"[\d,.]+")
_ANY = re.compile(r"[\d零〇一二两三四五六七八九十百千]")


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
    """Sums with a unit of money: 3000万, 3千万元, 1.5亿, 两千万, 50,000元. A fraction of a yuan is dropped."""
    if not _ANY.search(text):
        return
    for found in _MONEY.finditer(text):
        value = _value(found["n"])
        if value is None:
            continue
        scaled = int(value * _SCALES.get(found["scale"] or "", 1)) * (10**8 if found["more"] else 1)
        yield Number(scaled, "元", *found.span())


def counts_in(text: str, units: Collection[str]) -> Iterator[Number]:
    """Numbers before one of these units: 1200吨, 三名, 10.5亩."""
    if not _ANY.search(text):
        return
    for found in _counting(tuple(units)).finditer(text):
        value = _value(found["n"])
        if value is not None:
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


@lru_cache(maxsize=8)
def _counting(units: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    return re.compile(rf"(?P<n>{_NUMERAL})\s?(?P<scale>万|千)?\s?多?(?P<unit>{named})")


def _value(numeral: str) -> Decimal | None:
    if _DIGITS.fullmatch(numeral):
        return Decimal(numeral.replace(",", ""))
    try:
        return Decimal(int(as_number(numeral)))
    except ValueError:
        return None


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == int(value) else value
