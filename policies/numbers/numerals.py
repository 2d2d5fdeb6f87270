"""The value of a numeral in Chinese or Arabic characters, or of both together (1亿2千万). Exact. Pure.

cn2an, the library for this, reads the numerals of print rightly. It is not used: it refuses what people say (半个亿, 三千来万,
百万), tells nothing that is said from what is printed (三万五), finds no sum in a text, takes three times as long, and installs
packages named `src` and `build` (0.5.24 of 2026-04).
"""

import re
from decimal import Decimal

_DIGITS = {
    **{character: digit for digit, character in enumerate("零一二三四五六七八九")},
    **{character: digit for digit, character in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
    "〇": 0,
    "两": 2,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
"""They multiply the digit before them."""
_WAN, _YI = 10**4, 10**8
_MYRIADS = {"万": _WAN, "w": _WAN, "W": _WAN, "亿": _YI}
"""They multiply all that stands before them."""
_ABOVE = 10**9
"""Larger than any scale."""
_HALF = "半"

EVERYDAY = "零〇一二两三四五六七八九十百千"
"""Characters of everyday numerals below ten thousand, in a class of a pattern."""
FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"
"""Those of contracts and invoices, which nobody can change into others."""

_TOKEN = re.compile(
    r"[0-9][0-9,]*(?:[.点][0-9]+)?|[零〇一二两三四五六七八九]点[零〇一二两三四五六七八九]+|.", re.DOTALL
)
_POINTED = str.maketrans(
    {**{character: str(digit) for character, digit in _DIGITS.items()}, "点": ".", ",": ""}
)
_LONGEST_NUMERAL = 40
_MOST_DIGITS = 15
_ARABIC = re.compile(r"\d{1,15}(?:\.0{1,9})?")
_NUMERALS = re.compile(rf"[{EVERYDAY}]{{1,9}}")
_OTHER_FORMS = str.maketrans(
    dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千", strict=True))
    | {"廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}
)
_OTHER_FORM = re.compile(f"[{''.join(map(chr, _OTHER_FORMS))}]")


def everyday_numerals(text: str) -> str:
    """Return a text with the numerals of contracts and of old writing as everyday ones (第廿二条 becomes 第二十二条)."""
    return text.translate(_OTHER_FORMS) if _OTHER_FORM.search(text) else text


def as_integer(numeral: str) -> int | None:
    """Return the value of a whole numeral as it is written: 22, 二十二, 贰拾贰, 二〇二六; None for others (千百, 1.5).

    三万五 gives None: people say it for 35,000, but written it could be 30,005.
    """
    if _ARABIC.fullmatch(numeral):
        return int(numeral.partition(".")[0])
    value = value_of(numeral)
    return value if isinstance(value, int) else None


def with_digits(text: str) -> str:
    """Return a text with its numerals in digits (提前七天 becomes 提前7天). What only looks like a numeral stays."""
    return _NUMERALS.sub(_in_digits, text)


def _in_digits(found: re.Match[str]) -> str:
    value = as_integer(found[0])
    return found[0] if value is None else str(value)


def value_of(numeral: str, *, said: bool = False) -> int | Decimal | None:
    """Return the value of a numeral with or without scales: 一亿二千三百万, 1.5亿, 1亿2千万, 3百万, 叁佰万; None for others.

    Args:
        numeral: nothing but the numeral, without spaces.
        said: as people say it, who leave out the last scale (三万五 is 35,000, 一亿二千 is 1.2亿), the 一 of 一百万, and
            say 半 for a half (半亿, 两半亿 of 两个半亿).
    """
    if not 0 < len(numeral) <= _LONGEST_NUMERAL:
        return None
    if (number := numeral[:-1]).isdecimal() and (scale := _MYRIADS.get(numeral[-1])):
        return int(number) * scale  # most sums
    if all(character in _DIGITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    reading = _Reading(said)
    if not all(map(reading.take, _TOKEN.findall(numeral))):
        return None
    value = reading.value()
    return int(value) if value is not None and value == int(value) else value


class _Reading:
    """A numeral while it is read from left to right.

    Attributes:
        total: what the myriads (万, 亿) have closed.
        section: what stands since then, below its last unit.
        number: the digit that no scale has taken yet.
        unit: the last unit (十百千) of the section.
        myriad: the last 万 or 亿.
        zero: whether a 零 stood since the last myriad.
    """

    __slots__ = ("myriad", "number", "said", "section", "total", "unit", "zero")

    def __init__(self, said: bool) -> None:
        self.said = said
        self.total: int | Decimal = 0
        self.section: int | Decimal = 0
        self.number: int | Decimal | None = None
        self.unit = self.myriad = _ABOVE
        self.zero = False

    def take(self, token: str) -> bool:
        """Read one character or one Arabic number. Return False if it cannot stand here."""
        if (digit := _DIGITS.get(token)) is not None:
            return self._take_digit(digit)
        if (unit := _UNITS.get(token)) is not None:
            return self._take_unit(unit)
        if (myriad := _MYRIADS.get(token)) is not None:
            return self._take_myriad(myriad)
        if token == _HALF:
            self.number = (self.number or 0) + Decimal("0.5")
            return self.said
        return token[0] in "0123456789零〇一二两三四五六七八九" and self._take_number(token)

    def _take_digit(self, digit: int) -> bool:
        if self.number is not None:
            return False
        if digit:
            self.number = digit
        else:
            self.zero = True
        return True

    def _take_number(self, token: str) -> bool:
        digits = token.translate(_POINTED)
        if self.number is not None or len(digits) > _MOST_DIGITS:
            return False
        self.number = Decimal(digits) if "." in digits else int(digits)
        return True

    def _take_unit(self, unit: int) -> bool:
        if self.number is None:
            bare = self.said and self.total == self.section == 0 and not self.zero
            if unit != _UNITS["十"] and not bare:
                return False
            self.number = 1
        if unit >= self.unit:
            return False
        self.section += self.number * unit
        self.unit, self.number = unit, None
        return True

    def _take_myriad(self, myriad: int) -> bool:
        section = self.section + (self.number or 0)
        if myriad == _YI and self.myriad == _WAN:
            self.total = (self.total + section) * _YI  # 三万亿
        elif section and myriad < self.myriad:
            self.total += section * myriad
        else:
            return False
        self.section, self.number, self.zero = 0, None, False
        self.unit, self.myriad = _ABOVE, myriad
        return True

    def value(self) -> int | Decimal | None:
        """Return the value at the end. Return None if a scale is missing that only speakers leave out."""
        if self.number is None:
            if self.myriad == _YI and self.section >= _UNITS["千"] and not self.zero:
                return self.total + self.section * _WAN if self.said else None  # 一亿二千
            return self.total + self.section
        last = self.unit if self.section else self.myriad if self.total else 0
        if last <= _UNITS["十"] or self.zero or not 0 < self.number < _UNITS["十"]:
            return self.total + self.section + self.number
        return self.total + self.section + self.number * (last // 10) if self.said else None
