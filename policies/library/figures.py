"""Sums of money and shares as official documents write them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}

_NUMBER = r"(?:\d{1,3}(?:[,，]\d{3}){1,4}|\d{1,15})(?:[.．]\d{1,6})?"
_NUMERAL = r"[〇零一二两三四五六七八九十百千万亿]{1,20}?"
_SCALE = r"(?:[百千]?[万亿]|[百千])?"
_MONEY = re.compile(
    rf"(?:(?P<amount>{_NUMBER})\s*+(?P<scale>{_SCALE})|(?<![\d.．])(?P<numeral>{_NUMERAL}))\s*+元(?![化论素件结])"
)
_RANGE_START = re.compile(
    rf"(?<![\d.．〔])(?P<amount>{_NUMBER})\s*+(?P<scale>{_SCALE})\s*+[-—–~～至到]++\s*+\Z"
)
_SHARE = re.compile(
    rf"(?P<amount>{_NUMBER})\s*+[%％]|百分之(?P<numeral>[〇零一二两三四五六七八九十百]{{1,8}})"
)


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in a text, in whole yuan (what is smaller is rounded)."""

    cny: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage in a text; 0.12 stands for 12 %."""

    rate: float
    start: int
    end: int


def money_in(text: str) -> list[Money]:
    """Every sum in a text, in order: 600万元, 2 万元, 6,000 元, 1.5亿元, 五十万元; both ends of 20至50万元."""
    found: list[Money] = []
    for match in _MONEY.finditer(text):
        value = _value(match)
        if value is None:
            continue
        before = _RANGE_START.search(text, found[-1].end if found else 0, match.start())
        if before and match["amount"]:
            scale = before["scale"] or match["scale"]
            found.append(Money(_scaled(before["amount"], scale), before.start(), before.end("amount")))
        found.append(Money(value, match.start(), match.end()))
    return found


def shares_in(text: str) -> list[Share]:
    """Every percentage in a text, in order: 12%, 50 %, 百分之三十."""
    return list(_shares(text))


def _shares(text: str) -> Iterator[Share]:
    for match in _SHARE.finditer(text):
        whole = _decimal(match["amount"]) if match["amount"] else numeral(match["numeral"])
        if whole is not None:
            yield Share(float(Decimal(whole) / 100), match.start(), match.end())


def numeral(text: str) -> int | None:
    """The number that Chinese characters write (二十二, 一百零五, 两千万, 二〇二六); None for what is none."""
    if text and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    last = ""
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            if last in _TENS and _TENS[last] <= _TENS[character]:
                return None
            section += (digit or 1) * _TENS[character]
            digit = 0
        elif character in _MYRIADS and last:
            if character == "亿":
                total = (total + section + digit) * _MYRIADS[character]
            else:
                total += (section + digit) * _MYRIADS[character]
            section = digit = 0
        else:
            return None
        last = character
    return total + section + digit if text else None


def in_cny(value: int) -> str:
    """A sum as the documents write it: 600万元, 1.5亿元, 800元."""
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if value >= size and value * 100 % size == 0:
            return f"{Decimal(value) / size:f}{name}元"
    return f"{value}元"


def in_percent(rate: float) -> str:
    """A share as the documents write it: 0.12 is 12%."""
    return f"{round(rate * 100, 4):g}%"


def _value(match: re.Match[str]) -> int | None:
    if match["amount"]:
        return _scaled(match["amount"], match["scale"])
    return numeral(match["numeral"])


def _scaled(amount: str, scale: str) -> int:
    factor = 1
    for character in scale:
        factor *= _TENS.get(character) or _MYRIADS[character]
    return int((_decimal(amount) * factor).to_integral_value())


def _decimal(amount: str) -> Decimal:
    return Decimal(unicodedata.normalize("NFKC", amount).replace(",", ""))
