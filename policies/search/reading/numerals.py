"""Chinese and Arabic numerals as numbers, and the other way round."""

import re

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_WRITTEN = "零一二三四五六七八九"
_NUMERALS = re.compile(r"[零〇一二两三四五六七八九十百千]{1,9}")
_UNITS = {"十": 10, "百": 100, "千": 1000}
_OTHER_FORMS = str.maketrans(
    {
        "壹": "一",
        "贰": "二",
        "叁": "三",
        "肆": "四",
        "伍": "五",
        "陆": "六",
        "柒": "七",
        "捌": "八",
        "玖": "九",
    }
    | {"拾": "十", "佰": "百", "仟": "千", "廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}
)
"""Numerals of contracts and of old writing (贰拾贰, 廿二)."""
_OTHER_FORM = re.compile(f"[{''.join(map(chr, _OTHER_FORMS))}]")

NUMERAL = r"(?:\d{1,9}(?:\.\d{1,4})?|[零〇一二两三四五六七八九十百千]{1,9})"


def everyday_numerals(text: str) -> str:
    """A text with the numerals of contracts and of old writing as everyday ones (第廿二条 becomes 第二十二条)."""
    return text.translate(_OTHER_FORMS) if _OTHER_FORM.search(text) else text


def as_number(numeral: str) -> float:
    """The value of a numeral below ten thousand in Chinese, or of any Arabic one.

    Raises:
        ValueError: it is no numeral (千百).
    """
    if re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", numeral):
        return float(numeral)
    if all(character in _DIGITS for character in numeral):
        return float("".join(str(_DIGITS[character]) for character in numeral))
    total, digit = 0, None
    for place, character in enumerate(numeral):
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character not in _UNITS or (digit is None and not (place == 0 and character == "十")):
            raise ValueError(f"{numeral} is no numeral")
        else:
            total += (1 if digit is None else digit) * _UNITS[character]
            digit = None
    return float(total + (digit or 0))


def as_integer(numeral: str) -> int | None:
    """The value of a whole numeral, None where it is none."""
    try:
        value = as_number(numeral)
    except ValueError:
        return None
    return int(value) if value.is_integer() else None


def in_chinese(number: int) -> str:
    """A number in Chinese characters as section headings have it (十二); in digits from 100 on."""
    if not 0 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_WRITTEN[tens]}十"
    return before + (_WRITTEN[ones] if ones or not tens else "")


def with_digits(text: str) -> str:
    """A text with its numerals in digits (提前七天 becomes 提前7天). What only looks like a numeral stays."""
    return _NUMERALS.sub(_in_digits, text)


def _in_digits(found: re.Match[str]) -> str:
    value = as_integer(found[0])
    return found[0] if value is None else str(value)
