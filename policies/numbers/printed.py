"""Sums of money and shares as documents print them: each is one exact number, and a sum ends in 元. Pure.

`typed` reads what people type.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from policies.numbers.numerals import EVERYDAY, FORMAL, value_of

_NUMBER = r"(?:\d{1,3}(?:[,，]\d{3}){1,4}|\d{1,15})(?:[.．]\d{1,6})?"
_SCALE = r"(?:[百千]?[万亿]|[百千])?"
_NUMERAL = rf"[{EVERYDAY}万亿]{{1,32}}?"
_FORMAL = rf"[{FORMAL}][零{FORMAL}万亿]{{0,32}}"
_OPEN = r"(?<!几)(?<!(?<![人总])数)(?<!(?<![以之线])上)"
"""数百万元 and 上百万元 are no sums, while 十万元以上五十万元以下 has two."""
_MONEY = re.compile(
    rf"(?:(?P<amount>(?:\d{{1,6}}(?:[.．]\d{{1,6}})?\s*+亿\s*+(?=\d[\d.．]*+\s*+[百千]?万))?{_NUMBER}\s*+(?P<scale>{_SCALE}))"
    rf"|(?<![\d.．]){_OPEN}(?P<numeral>{_NUMERAL}))\s*+元(?![化论素件结])"
    rf"|(?P<formal>{_FORMAL})[元圆]"
)
_RANGE_START = re.compile(
    rf"(?<![\d.．〔])(?P<amount>{_NUMBER})\s*+(?P<scale>{_SCALE})\s*+[-—–~～至到]++\s*+\Z"
)
_SHARE = re.compile(
    rf"(?P<amount>{_NUMBER})\s*+[%％]|百分之(?P<numeral>[{EVERYDAY}]{{1,8}}(?:点[{EVERYDAY}]{{1,4}})?)"
)
_ALL = "百"
"""百分之百 is the one share that is written with a scale alone."""


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in a text, in whole yuan (what is smaller is rounded)."""

    cny: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PrintedShare:
    """A percentage in a text; 0.12 stands for 12 %."""

    rate: float
    start: int
    end: int


def money_in(text: str) -> list[Money]:
    """Return every sum in a text, in order: 600万元, 2 万元, 6,000 元, 1亿2000万元, 五十万元, 叁佰万元; both
    ends of 20至50万元.
    """
    found: list[Money] = []
    for match in _MONEY.finditer(text):
        value = _value(match)
        if value is None:
            continue
        before = _RANGE_START.search(text, found[-1].end if found else 0, match.start())
        if before and match["amount"]:
            least = scaled(before["amount"], before["scale"] or match["scale"])
            found.append(Money(least, before.start(), before.end("amount")))
        found.append(Money(value, match.start(), match.end()))
    return found


def shares_in(text: str) -> list[PrintedShare]:
    """Return every percentage in a text, in order: 12%, 50 %, 百分之三十."""
    return list(_shares(text))


def scaled(amount: str, scale: str) -> int:
    """Return a number times the scale behind it, in whole yuan: 1.5 and 千万 are 15,000,000; 1亿2000 and 万 120,000,000.

    Args:
        amount: in Arabic digits of any width.
        scale: 百, 千, 万, 亿, or two of them; "" for none.
    """
    value = value_of(_plain(amount + scale))
    return 0 if value is None else int(Decimal(value).to_integral_value(ROUND_HALF_EVEN))


def _shares(text: str) -> Iterator[PrintedShare]:
    for match in _SHARE.finditer(text):
        written = match["numeral"]
        whole = (
            value_of(_plain(match["amount"]))
            if written is None
            else 100
            if written == _ALL
            else value_of(written)
        )
        if whole is not None:
            yield PrintedShare(float(Decimal(whole) / 100), match.start(), match.end())


def _value(match: re.Match[str]) -> int | None:
    if match["amount"]:
        return scaled(match["amount"], "")
    numeral = match["numeral"] or match["formal"]
    value = value_of(f"一{numeral}" if numeral[0] in "百千" else numeral)  # 百万元
    return None if value is None else int(value)


def _plain(written: str) -> str:
    return "".join(unicodedata.normalize("NFKC", written).replace(",", "").split())
