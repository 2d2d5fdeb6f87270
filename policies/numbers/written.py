"""Numbers in words: sums and shares as documents write them, small numbers in Chinese characters. Pure."""

from decimal import Decimal

_DIGITS = "零一二三四五六七八九"


def in_cny(value: int) -> str:
    """Return a sum as the documents write it: 600万元, 1.5亿元, 800元."""
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if value >= size and value * 100 % size == 0:
            return f"{Decimal(value) / size:f}{name}元"
    return f"{value}元"


def in_percent(rate: float) -> str:
    """Return a share as the documents write it: 0.12 is 12%."""
    return f"{round(rate * 100, 4):g}%"


def in_chinese(number: int) -> str:
    """Return a number in Chinese characters as section headings have it (十二); in digits from 100 on."""
    if not 0 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return before + (_DIGITS[ones] if ones or not tens else "")
