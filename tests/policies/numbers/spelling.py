"""Numbers in every spelling in which they are written: 一亿零五十万, 壹亿零伍拾万, 1亿50万, 100500000."""

SPELLINGS = ("everyday", "with 两", "formal", "mixed", "digits")
_DIGITS = {
    "everyday": "零一二三四五六七八九",
    "with 两": "〇一两三四五六七八九",
    "formal": "零壹贰叁肆伍陆柒捌玖",
}
_PLACES = {"everyday": ("", "十", "百", "千"), "formal": ("", "拾", "佰", "仟")}


def spelt(number: int, spelling: str) -> str:
    """A whole number from 1 to ten trillion less one."""
    if spelling == "digits":
        return str(number)
    if number >= 10**8:
        return _joined(spelt(number // 10**8, spelling), "亿", number % 10**8, 10**7, spelling)
    if number >= 10**4:
        return _joined(_section(number // 10**4, spelling), "万", number % 10**4, 10**3, spelling)
    return _section(number, spelling)


def _joined(head: str, scale: str, rest: int, full: int, spelling: str) -> str:
    """The parts above and below a scale; a 零 stands for the places between them."""
    least = 10 if spelling == "mixed" else full  # 3万5 is said for 3万5000
    gap = "零" if 0 < rest < least else ""
    return f"{head}{scale}{gap}{spelt(rest, spelling) if rest else ''}"


def _section(number: int, spelling: str) -> str:
    if spelling == "mixed":
        return str(number)
    digits, places = _DIGITS[spelling], _PLACES["formal" if spelling == "formal" else "everyday"]
    written, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            written += (digits[0] if gap and written else "") + digits[digit] + places[power]
        gap = not digit
    short = spelling != "formal" and written.startswith("一十")
    return written[1:] if short else written
