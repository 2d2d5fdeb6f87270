"""Reading sums of money and shares with comparisons, and whether a clause states them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from policies.library.figures import in_cny
from policies.library.models import Amount, AmountKind
from policies.search.reading.numerals import NUMERAL, as_number

_UNITS = {
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "w": 10**4,
    "千": 1000,
    "元": 1,
    "块": 1,
}
_MONEY = re.compile(
    rf"(?P<n>{NUMERAL})\s*(?P<unit>亿|千万|百万|十万|万|w(?![a-z])|千(?=元|块)|元|块)(?:元|块钱|块|人民币)?"
    r"|(?<![几数上好十百千万零一二两三四五六七八九\d])(?P<bare>百万|千万)(?:元)?(?![一二三四五六七八九\d])"
)
_SHARE = re.compile(
    rf"(?P<p>\d{{1,9}}(?:\.\d{{1,9}})?)%|百分之(?P<c>{NUMERAL})|(?P<t>[一二两三四五六七八九])成"
)
_CAP_BEFORE = re.compile(
    r"(?:单项|单个|项目|奖补|补贴|奖励|补助|支持|额度|金额|政策|总额){0,6}+(?:最高|上限|封顶|最多|顶格|至多)"
    r"(?:奖励|补贴|为|是|给|能给|可给|能拿|可拿|能补|奖|补|支持|额度|能到|达到|到|不超过){0,6}+$"
)
"""A ceiling right before a sum. No word of either list is made of others, and at most six follow each other, so the time
grows with the length of the text only."""
_CAP_AFTER = re.compile("封顶|上限|顶格")
_RANGE_TO = re.compile(r"\s*+(?:到|至|-|~|—|和)\s*+")
_UNCAPPED = re.compile(r"(?:不设|没有|无|没|不设置|有没有)(?:投资)?(?:金额)?(?:上限|封顶)|上不封顶|不封顶")
_SUPERLATIVE = re.compile(
    r"(?:金额|奖励|补贴|补助|支持|力度|钱|奖|给|补|拿){0,6}+(?:得|的)?(?:最高|最多|最大)(?:的)?(?:金额|奖励|补贴|钱|额度|力度)?"
)


class Comparison(StrEnum):
    """How a sum asked for relates to the sums of a clause."""

    CAP = "最高"
    EQUAL = "等于"
    AT_LEAST = "以上"
    OVER = "超过"
    AT_MOST = "以下"
    UNDER = "不到"
    SHARE = "比例"
    UNCAPPED = "不设上限"
    LARGEST = "金额最高"


@dataclass(frozen=True, slots=True)
class SumAsked:
    """A sum or share in a question.

    Attributes:
        low: whole yuan, or a share in ten-thousandths.
        high: the upper end of a range; else as `low`.
        span: where it stands in the text.
    """

    comparison: Comparison
    low: int = 0
    high: int = 0
    span: tuple[int, int] = (0, 0)

    @property
    def in_words(self) -> str:
        """What was understood, to be shown: 最高2000万元."""
        match self.comparison:
            case Comparison.UNCAPPED | Comparison.LARGEST:
                return str(self.comparison)
            case Comparison.SHARE:
                return f"比例{self.low / 100:g}%"
            case Comparison.CAP | Comparison.OVER | Comparison.UNDER:
                return f"{self.comparison}{in_cny(self.low)}"
            case Comparison.EQUAL:
                return (
                    in_cny(self.low) if self.low == self.high else f"{in_cny(self.low)}至{in_cny(self.high)}"
                )
            case _:
                return f"{in_cny(self.low)}{self.comparison}"


def figures(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """All sums (yuan) and shares (ten-thousandths) named in a text; 一块 and 两块 are pieces, no sums."""
    if not _NUMERAL.search(text):
        return (), ()
    return (
        tuple(value for match in _MONEY.finditer(text) if (value := _yuan(match)) >= _LEAST),
        tuple(value for match in _SHARE.finditer(text) if (value := _share(match))),
    )


_LEAST = 10
_NUMERAL = re.compile(r"[\d零〇一二两三四五六七八九十百千]")
"""Of every sum and every share."""

_TELLS_OF_SUMS = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿最]|上限|封顶")


def read_sum(text: str) -> SumAsked | None:
    """The sum a question asks about, with its comparison; the first one where it names several."""
    if not _TELLS_OF_SUMS.search(text):
        return None
    money = _MONEY.search(text)
    if money is not None and (value := _yuan(money)):
        return _compared(text, money, value)
    if uncapped := _UNCAPPED.search(text):
        return SumAsked(Comparison.UNCAPPED, span=uncapped.span())
    share = _SHARE.search(text)
    if share is not None and (value := _share(share)):
        return SumAsked(Comparison.SHARE, value, value, share.span())
    if largest := _SUPERLATIVE.search(text):
        return SumAsked(Comparison.LARGEST, span=largest.span())
    return None


def _compared(text: str, money: re.Match[str], value: int) -> SumAsked:
    start, end = money.span()
    second = _RANGE_TO.match(text, end)
    other = _MONEY.match(text, second.end()) if second else None
    if other is not None and (high := _yuan(other)) and high > value:
        return SumAsked(Comparison.EQUAL, value, high, (start, other.end()))
    before, after = text[:start], text[end:]
    for comparison, words in _AFTER.items():
        if found := max((word for word in words if after.startswith(word)), key=len, default=""):
            return SumAsked(comparison, value, value, (_cap_start(before, start), end + len(found)))
    word, comparison = max(
        ((word, comparison) for word, comparison in _BEFORE.items() if before.endswith(word)),
        key=lambda found: len(found[0]),
        default=("", Comparison.EQUAL),
    )
    if word:
        begins = start - len(word)
        return SumAsked(comparison, value, value, (_cap_start(text[:begins], begins), end))
    if cap := _CAP_BEFORE.search(before):
        return SumAsked(Comparison.CAP, value, value, (cap.start(), end))
    if ceiling := _CAP_AFTER.match(after):
        return SumAsked(Comparison.CAP, value, value, (start, end + ceiling.end()))
    return SumAsked(Comparison.EQUAL, value, value, (start, end))


def _cap_start(before: str, otherwise: int) -> int:
    """Where a ceiling begins with which a text ends (最高不超过), else the place given."""
    cap = _CAP_BEFORE.search(before)
    return cap.start() if cap else otherwise


_BEFORE = {
    **dict.fromkeys(("超过", "大于", "高于", "多于", "超", "不止"), Comparison.OVER),
    **dict.fromkeys(("不低于", "不少于", "至少", "大于等于", "最少", "达到"), Comparison.AT_LEAST),
    **dict.fromkeys(("不超过", "不大于", "不高于", "不多于", "小于等于"), Comparison.AT_MOST),
    **dict.fromkeys(("低于", "少于", "小于", "不到", "不足"), Comparison.UNDER),
}
"""Words right before a sum; the longest counts (不超过 is no 超过)."""
_AFTER = {
    Comparison.AT_LEAST: ("及以上", "或以上", "以上", "起步", "起", "往上", "及更高"),
    Comparison.AT_MOST: ("及以下", "以下", "以内", "之内", "封顶以内", "封顶的以内"),
}


def _yuan(match: re.Match[str]) -> int:
    if match["bare"]:
        return _UNITS[match["bare"]]
    try:
        return round(as_number(match["n"]) * _UNITS[match["unit"]])
    except ValueError:
        return 0


def _share(match: re.Match[str]) -> int:
    try:
        if match["t"]:
            return round(as_number(match["t"]) * 1000)
        return round(as_number(match["p"] or match["c"]) * 100)
    except ValueError:
        return 0


def states(amount: Amount, asked: SumAsked) -> bool:
    """Whether one sum of a clause is what was asked for.

    最高… is a ceiling the clause states as such (最高…, not a fixed sum that happens to be as large);
    a pool shared by all is nobody's own sum and never compared.
    """
    if amount.kind is AmountKind.POOL:
        return False
    match asked.comparison:
        case Comparison.UNCAPPED:
            return amount.kind is AmountKind.UNCAPPED
        case Comparison.SHARE:
            return amount.rate is not None and round(amount.rate * 10_000) == asked.low
        case Comparison.CAP:
            ceiling = amount.max_cny if amount.kind is AmountKind.MAX else None
            return asked.low in (ceiling, amount.cap_cny)
        case Comparison.EQUAL:
            return any(asked.low <= cny <= asked.high for cny in stated(amount))
        case _:
            highest = amount.highest_cny
            return highest is not None and _COMPARE[asked.comparison](highest, asked.low)


_COMPARE: dict[Comparison, Callable[[int, int], bool]] = {
    Comparison.AT_LEAST: lambda highest, asked: highest >= asked,
    Comparison.OVER: lambda highest, asked: highest > asked,
    Comparison.AT_MOST: lambda highest, asked: highest <= asked,
    Comparison.UNDER: lambda highest, asked: highest < asked,
}


def stated(amount: Amount) -> list[int]:
    """All sums a clause states by one amount, in yuan."""
    stated = (amount.value_cny, amount.min_cny, amount.max_cny, amount.cap_cny)
    return [cny for cny in stated if cny is not None]
