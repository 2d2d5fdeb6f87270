"""Sums of money, shares and counts as people type and say them: 1.2亿, 两个亿, 1亿2千万, 三万五, 三千来万, 500到800万. Pure.

A sum is one number, about a number (三千来万, 约500万), or a span of two (500到800万, 七八百万). An open number (几十万,
上百万) is not a sum. `printed` reads documents.
"""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from policies.numbers.numerals import EVERYDAY, FORMAL, value_of

_DIGITS = "一二两三四五六七八九"
_NUMERAL = (
    rf"(?:[0-9](?:[0-9]|,(?=[0-9]{{3}}(?![0-9]))|[.点](?=[0-9])){{0,14}}+(?![{_DIGITS}])"
    rf"|[{EVERYDAY}{FORMAL}](?:点(?=[零{_DIGITS}]))?+){{1,12}}+"
)
"""Bounded, so that the time grows with the length of a text only."""
_BETWEEN = "[个多来余半]{0,3}+"
"""What may stand between a number and its scale: 两个亿, 三千来万, 一个半亿."""
_AMOUNT = (
    rf"(?:半(?=个?亿)|{_NUMERAL})\s?+{_BETWEEN}"
    rf"(?:(?:万{_BETWEEN})?亿(?:{_NUMERAL}{_BETWEEN}万(?!亿))?|万|w(?![a-z])|(?=元|块))"
)
_TAIL = (
    rf"(?:{_NUMERAL}(?:(?<=[十百千拾佰仟])(?![个多来余]{{0,2}}[万亿w])|(?=$|[，,。；;、元块的了吧呢左上])))?"
)
"""The 五 of 三万五 and the 五千 of 三万五千; other numbers behind a sum begin something else (3000万2个项目)."""
_SUM = re.compile(rf"(?P<said>{_AMOUNT}{_TAIL})(?P<more>[多余](?![少大久长种]))?\s?+(?:元|块钱?|人民币)?")
_TO = r"(?:到|至|[-~～—–]{1,3})"
_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_UP_TO = re.compile(rf"\s?{_TO}\s?")
_LONGEST_TO = 5
_LOW_END = re.compile(rf"(?P<low>{_NUMERAL})\s?{_BETWEEN}(?P<scale>[万亿w]?)\s?元?\s?{_TO}\s?\Z")
_LONGEST_LOW_END = 20
_SPAN_OF_COUNTS = re.compile(
    rf"{_NUMERAL}\s?{_BETWEEN}(?:[万亿w])?\s?元?\s?{_TO}\s?{_NUMERAL}\s?{_BETWEEN}(?=[万亿w元块吨亩名人个台方立])"
)
_EITHER = re.compile(rf"(?P<one>[{_DIGITS}])(?P<other>[{_DIGITS}])(?=[十百千万亿]|\Z)")
"""七八百: one of two numbers."""
_OPEN = re.compile(
    r"几(?=[十百千万亿个多来]*[十百千万亿])"
    r"|(?:(?<![人总])数|(?<![以之线])上)(?=[十百千](?![一二两三四五六七八九])|[万亿])"
)
"""几十万, 上百万, 数千元: they name no number."""
_OPEN_SUM = re.compile(
    r"(?:好?几|(?<![人总])数|(?<![以之线])上)(?P<said>[十百千]?[个多来]?[万亿]|[百千](?=元|块))(?:元|块钱?)?"
)
_BARE_UNITS = "百千佰仟"
"""百家企业 and 千人计划 count nothing."""
_LAST_OF_TO = tuple("到至-~～—– ")
_LAST_OF_ABOUT = tuple("约概多近 ")
_LONGEST_ABOUT = 4
_ABOUT_BEFORE = re.compile(r"(?:大约|大概|差不多|将近|接近|(?<![预节签合契违制])约)\s?\Z")
_ABOUT_AFTER = ("左右", "上下")
_BEG = ("别", "不", "要", "请", "记", "注意", "小心")
"""After 千万, these words show that it is not a sum (千万别删)."""
_FILLERS = str.maketrans("", "", "个多来余, ")
_UNITS_OF_HIGH = re.compile(rf"[0-9.点]+|[{_DIGITS}]")
_SHARE = re.compile(
    r"(?P<digits>[0-9]{1,9}(?:[.点][0-9]{1,9})?)\s?(?:[%％]|个(?:百分)?点)"
    rf"|百分之(?P<numeral>{_NUMERAL})"
    rf"|(?P<tenths>[{_DIGITS}])成(?P<of_tenth>[{_DIGITS}](?![十百千万个家项]))?(?![功本长果立员熟交为效就品分都绩套年型])"
    rf"|(?P<points>[{_DIGITS}十百]{{1,4}})个(?:百分)?点(?![{_DIGITS}])"
)
OF_NUMBERS = re.compile(f"[0-9{EVERYDAY}{FORMAL}半]")
"""Of every sum, share and count."""
_OF_SUMS = re.compile("[万亿元块w]")
_OF_SHARES = re.compile("[%％成点]|百分")
"""Most texts with a number have none of these."""


class TypedSum(NamedTuple):
    """A sum of money, in whole yuan (CNY); a fraction of a yuan is dropped.

    Attributes:
        cny: the number that is named; None for a span.
        least: the least value: `cny`, or less if the sum is approximate, or the lower end of a span.
        most: the greatest value.
        start: where it stands in the text.
        end: where it ends in the text.
    """

    cny: int | None
    least: int
    most: int
    start: int
    end: int

    @property
    def is_rough(self) -> bool:
        """Whether it is about the number that it names (三千来万, 500多万)."""
        return self.cny is not None and self.least < self.most


class Number(NamedTuple):
    """A number in a text.

    Attributes:
        value: whole yuan, or a count.
        unit: "元", or the unit of the count.
        is_rough: whether the number is approximate.
    """

    value: int | Decimal
    unit: str
    start: int
    end: int
    is_rough: bool = False


class TypedShare(NamedTuple):
    """A share, in ten-thousandths: 1200 is 12%."""

    per_myriad: int
    start: int
    end: int


def sums_in(text: str) -> list[TypedSum]:
    """Return every sum and span of sums, in order."""
    if not _OF_SUMS.search(text):
        return []
    found: list[TypedSum] = []
    for match in _SUM.finditer(text):
        if not _is_open(text, match) and (one := _sum(text, match, found[-1].end if found else 0)):
            if found and _makes_span(text, found[-1], one):
                low = found.pop()
                one = TypedSum(None, low.least, one.most, low.start, one.end)
            found.append(one)
    return found


def open_sum_in(text: str) -> TypedSum | None:
    """Return the first sum that names no number as the span it may be in: 几十万 is from 10万 to 100万, 上亿 from 1亿 to 10亿."""
    found = _OPEN_SUM.search(text)
    least = _whole(f"一{found['said'].translate(_FILLERS)}") if found else None
    return TypedSum(None, least, least * 10, *found.span()) if found and least else None


def money_in(text: str) -> Iterator[Number]:
    """Yield sums of one number, exact or approximate: 3000万, 1亿2千万, 两个亿, 三千来万, 50,000元; no spans."""
    for one in sums_in(text):
        if one.cny is not None:
            yield Number(one.cny, "元", one.start, one.end, one.is_rough)


def shares_in(text: str) -> list[TypedShare]:
    """Return every share, in order: 12%, 百分之十二, 12个点, 两成, 一成二."""
    if not _OF_SHARES.search(text):
        return []
    return [
        TypedShare(value, *match.span()) for match in _SHARE.finditer(text) if (value := _per_myriad(match))
    ]


def counts_in(text: str, units: Collection[str]) -> Iterator[Number]:
    """Yield numbers before one of these units: 1200吨, 三名, 10.5亩, 两千来亩."""
    if not OF_NUMBERS.search(text):
        return
    spans: list[tuple[int, int]] | None = None
    for match in _counting(tuple(units)).finditer(text):
        said = match["said"].translate(_FILLERS)
        is_one = said[0] not in _BARE_UNITS and _EITHER.search(said) is None
        value = value_of(said, said=True) if is_one else None
        spans = _no_counts(text) if spans is None else spans
        if value is not None and not any(match.start() < end and start < match.end() for start, end in spans):
            yield Number(value, match["unit"], *match.span())


def bare_number(text: str) -> int | Decimal | None:
    """Return the number that a text is, with or without a unit of money; None if it is more than a number.

    As an answer to a question for a sum, 3000 is 3000 yuan. People who mean 万 say so.
    """
    money = next(money_in(text), None)
    if money is not None and money.end - money.start >= len(text) - 2 and money.start <= 2:
        return money.value
    return value_of(text.translate(_FILLERS), said=True) if _BARE.fullmatch(text) else None


def with_points_kept(text: str) -> str:
    """Write decimal points as 点, which stays when marks are taken out (1.5亿 becomes 1点5亿)."""
    return _POINT.sub("点", text) if "." in text else text


def is_span(text: str) -> bool:
    """Whether a text names a span or an open number (500到800万, 七八百万, 几十万) instead of one number."""
    return bool(_no_counts(text)) or any(one.cny is None for one in sums_in(text))


_BARE = re.compile(_NUMERAL)


@lru_cache(maxsize=8)
def _counting(units: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    return re.compile(
        rf"(?P<said>{_NUMERAL}\s?[多来余]?(?:万(?:{_NUMERAL}(?<=[十百千拾佰仟]))?)?)[多来余]?(?P<unit>{named})"
    )


def _no_counts(text: str) -> list[tuple[int, int]]:
    """Return where a text has spans and open numbers. A count that overlaps one of these does not count."""
    opened = [(found.start(), found.end() + 1) for found in _OPEN.finditer(text)]
    return [found.span() for found in _SPAN_OF_COUNTS.finditer(text)] + opened


def _is_open(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    if match["said"] == "千万" and text.startswith(_BEG, match.end()):
        return True
    return start > 0 and text[start - 1] in "几数上" and _OPEN.match(text, start - 1) is not None


def _sum(text: str, match: re.Match[str], begins: int) -> TypedSum | None:
    """Return the sum of a match; with the lower end right before it, from `begins` on, a span."""
    named = _named(match["said"])
    if named is None:
        return None
    (start, end), (cny, least, most) = match.span(), named
    before = text[start - 1] if start else ""
    if cny is None:
        return TypedSum(None, least, most, start, end)
    if before in _LAST_OF_TO and (
        found := _LOW_END.search(text, max(begins, start - _LONGEST_LOW_END), start)
    ):
        low = _low_end(found, match["said"].translate(_FILLERS))
        if low and low < cny:
            return TypedSum(None, low, cny, found.start(), end)
    if match["more"]:
        least, most = _or_more(cny)
    elif text.startswith(_ABOUT_AFTER, end) or (
        before in _LAST_OF_ABOUT and _ABOUT_BEFORE.search(text, max(0, start - _LONGEST_ABOUT), start)
    ):
        least, most = _about(cny)
    return TypedSum(cny, least, most, start, end)


@lru_cache(maxsize=1_024)
def _named(said: str) -> tuple[int | None, int, int] | None:
    """Return what the words of a sum name: the number, the least and the greatest value. None for no number."""
    if said[:-1].isdecimal() and (cny := _whole(said)):
        return cny, cny, cny  # most sums
    plain = said.translate(_FILLERS)
    if either := _EITHER.search(plain):
        at = either.start()
        low, high = _whole(plain[: at + 1] + plain[at + 2 :]), _whole(plain[:at] + plain[at + 1 :])
        return (None, low, high) if low and high and low < high else None
    cny = _whole(plain)
    if cny is None:
        return None
    if "多" in said or "余" in said:
        return cny, *_or_more(cny)
    return (cny, *_about(cny)) if "来" in said else (cny, cny, cny)


def _or_more(cny: int) -> tuple[int, int]:
    """500多万 is less than 600万."""
    digits = str(cny)
    return cny, cny + 10 ** (len(digits) - len(digits.rstrip("0"))) - 1


def _about(cny: int) -> tuple[int, int]:
    """三千来万 is a tenth less or more."""
    return cny - cny // 10, cny + cny // 10


def _makes_span(text: str, low: TypedSum, high: TypedSum) -> bool:
    """Whether two sums are the ends of one span (500万到800万)."""
    if low.cny is None or high.cny is None or low.cny >= high.cny:
        return False
    return high.start - low.end <= _LONGEST_TO and _UP_TO.fullmatch(text, low.end, high.start) is not None


def _whole(said: str) -> int | None:
    value = value_of(said, said=True)
    return None if value is None else int(value)


def _low_end(before: re.Match[str], high: str) -> int | None:
    """500到800万 and 三到五百万 begin with 500万 and 三百万; 二十到五十万 with 二十万."""
    low = before["low"].translate(_FILLERS)
    if before["scale"]:
        return _whole(low + before["scale"])
    units = _UNITS_OF_HIGH.sub("", high, count=1)
    return _whole(low + (units.lstrip("十百千") if low[-1] in "十百千" else units))


def _per_myriad(match: re.Match[str]) -> int:
    if match["tenths"]:
        tenths, hundredths = value_of(match["tenths"]), value_of(match["of_tenth"] or "零")
        return int((tenths or 0) * 1000 + (hundredths or 0) * 100)
    value = value_of(match["digits"] or match["numeral"] or match["points"], said=True)
    return round((value or 0) * 100)
