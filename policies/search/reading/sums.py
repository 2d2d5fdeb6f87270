"""Reading sums of money and shares with comparisons, and whether a clause states them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from policies.library.models import Amount, AmountKind
from policies.numbers.typed import OF_NUMBERS, TypedSum, open_sum_in, shares_in, sums_in
from policies.numbers.written import in_cny

_CAP_BEFORE = re.compile(
    r"(?:单项|单个|项目|奖补|补贴|奖励|补助|支持|额度|金额|政策|总额){0,6}+(?:最高|上限|封顶|最多|顶格|至多)"
    r"(?:奖励|补贴|为|是|给|能给|可给|能拿|可拿|能补|奖|补|支持|额度|能到|达到|到|不超过){0,6}+$"
)
"""A ceiling right before a sum. No word of either list is made of others, and at most six follow each other, so the time
grows with the length of the text only."""
_CAP_AFTER = re.compile("封顶|上限|顶格")
_AND = "和"
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
        high: the upper end of a range, or of an approximate sum; else the same as `low`.
        span: where it stands in the text.
        about: the named sum if it is approximate (三千来万), else 0.
    """

    comparison: Comparison
    low: int = 0
    high: int = 0
    span: tuple[int, int] = (0, 0)
    about: int = 0

    @property
    def in_words(self) -> str:
        """Return what was understood, to show it: 最高2000万元, 约3000万元以上, 500万元至800万元."""
        match self.comparison:
            case Comparison.UNCAPPED | Comparison.LARGEST:
                return str(self.comparison)
            case Comparison.SHARE:
                return f"比例{self.low / 100:g}%"
            case Comparison.EQUAL:
                return self._sum_in_words
            case Comparison.CAP | Comparison.OVER | Comparison.UNDER:
                return f"{self.comparison}{self._sum_in_words}"
            case _:
                return f"{self._sum_in_words}{self.comparison}"

    @property
    def _sum_in_words(self) -> str:
        if self.about or self.low == self.high:
            return f"约{in_cny(self.about)}" if self.about else in_cny(self.low)
        match self.comparison:
            case Comparison.AT_LEAST | Comparison.OVER:
                return in_cny(self.low)
            case Comparison.AT_MOST | Comparison.UNDER:
                return in_cny(self.high)
            case _:
                return f"{in_cny(self.low)}至{in_cny(self.high)}"


def figures(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return all sums (yuan; of a span both ends) and shares (ten-thousandths) named in a text; 一块 and 两块 are pieces.

    Args:
        text: normalised, with its marks (a compact 1.5亿 would be 15亿).
    """
    if not OF_NUMBERS.search(text):
        return (), ()
    return (
        tuple([cny for one in sums_in(text) for cny in _named(one) if cny >= _LEAST_CNY]),
        tuple([share.per_myriad for share in shares_in(text) if share.per_myriad]),
    )


_LEAST_CNY = 10


def _named(one: TypedSum) -> tuple[int, ...]:
    return (one.least, one.most) if one.cny is None else (one.cny,)


BESIDE_SUMS = frozenset(
    (
        "单项",
        "单个",
        "单笔",
        "项目",
        "投资",
        "补足",
        "档",
        "级",
        "投资额",
        "每条",
        "总额",
        "区间",
        "之间",
        "补",
        "金",
        "约",
        "大约",
        "左右",
        "上下",
    )
)
"""Words beside a sum that ask for nothing else."""
_TELLS_OF_SUMS = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿最]|上限|封顶")


def read_sum(text: str) -> SumAsked | None:
    """Return the sum that a question asks about, with its comparison. If it names several sums, return the first one."""
    if not _TELLS_OF_SUMS.search(text):
        return None
    sums = sums_in(text)
    if sums and sums[0].most:
        return _compared(text, _between(text, sums))
    opened = open_sum_in(text)
    if opened and (asked := _compared(text, opened)).comparison in _COMPARE:
        return asked  # 给几十万 and 最高几十万 ask how much
    if uncapped := _UNCAPPED.search(text):
        return SumAsked(Comparison.UNCAPPED, span=uncapped.span())
    shares = shares_in(text)
    if shares and (value := shares[0].per_myriad):
        return SumAsked(Comparison.SHARE, value, value, (shares[0].start, shares[0].end))
    if largest := _SUPERLATIVE.search(text):
        return SumAsked(Comparison.LARGEST, span=largest.span())
    return None


def _between(text: str, sums: list[TypedSum]) -> TypedSum:
    """Return the first sum. If a question joins two sums (500万和800万之间), return both as one span."""
    first, second = sums[0], sums[1] if len(sums) > 1 else sums[0]
    joined = text[first.end : second.start].strip() == _AND
    if joined and first.cny is not None and second.cny is not None and first.cny < second.cny:
        return TypedSum(None, first.least, second.most, first.start, second.end)
    return first


def _compared(text: str, money: TypedSum) -> SumAsked:
    comparison, span = _comparison(text, money.start, money.end)
    about = (money.cny or 0) if money.is_rough else 0
    return SumAsked(comparison, money.least, money.most, span, about)


def _comparison(text: str, start: int, end: int) -> tuple[Comparison, tuple[int, int]]:
    """Return how the words around a sum compare it, and the place of the sum with these words."""
    before, after = text[:start], text[end:]
    for comparison, words in _AFTER.items():
        if found := max((word for word in words if after.startswith(word)), key=len, default=""):
            return comparison, (_cap_start(before, start), end + len(found))
    word, comparison = max(
        ((word, comparison) for word, comparison in _BEFORE.items() if before.endswith(word)),
        key=lambda found: len(found[0]),
        default=("", Comparison.EQUAL),
    )
    if word:
        begins = start - len(word)
        return comparison, (_cap_start(text[:begins], begins), end)
    if cap := _CAP_BEFORE.search(before):
        return Comparison.CAP, (cap.start(), end)
    if ceiling := _CAP_AFTER.match(after):
        return Comparison.CAP, (start, end + ceiling.end())
    return Comparison.EQUAL, (start, end)


def _cap_start(before: str, otherwise: int) -> int:
    """Return where a ceiling at the end of a text begins (最高不超过), or the given place if there is none."""
    cap = _CAP_BEFORE.search(before)
    return cap.start() if cap else otherwise


_BEFORE = {
    **dict.fromkeys(("超过", "大于", "高于", "多于", "超", "不止"), Comparison.OVER),
    **dict.fromkeys(("不低于", "不少于", "至少", "大于等于", "最少", "达到"), Comparison.AT_LEAST),
    **dict.fromkeys(("不超过", "不大于", "不高于", "不多于", "小于等于"), Comparison.AT_MOST),
    **dict.fromkeys(("低于", "少于", "小于", "不到", "不足"), Comparison.UNDER),
}
"""Words right before a sum. The longest one counts (不超过, not 超过)."""
_AFTER = {
    Comparison.AT_LEAST: ("及以上", "或以上", "以上", "起步", "起", "往上", "及更高"),
    Comparison.AT_MOST: ("及以下", "以下", "以内", "之内", "封顶以内", "封顶的以内"),
}


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
            return any(_is_meant(cny, asked) for cny in (ceiling, amount.cap_cny))
        case Comparison.EQUAL:
            return any(_is_meant(cny, asked) for cny in stated(amount))
        case _:
            highest = amount.highest_cny
            return highest is not None and _COMPARE[asked.comparison](highest, asked)


_COMPARE: dict[Comparison, Callable[[int, SumAsked], bool]] = {
    Comparison.AT_LEAST: lambda highest, asked: highest >= asked.low,
    Comparison.OVER: lambda highest, asked: highest > asked.low,
    Comparison.AT_MOST: lambda highest, asked: highest <= asked.high,
    Comparison.UNDER: lambda highest, asked: highest < asked.high,
}
"""Of about a sum whatever may be meant fits."""


def _is_meant(cny: int | None, asked: SumAsked) -> bool:
    return cny is not None and asked.low <= cny <= asked.high


def stated(amount: Amount) -> list[int]:
    """Return all sums a clause states by one amount, in yuan."""
    stated = (amount.value_cny, amount.min_cny, amount.max_cny, amount.cap_cny)
    return [cny for cny in stated if cny is not None]
