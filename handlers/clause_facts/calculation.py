"""Applies a clause's own rule to a figure that the writer names: 80万 × 20% = 16万元. Exact, with the working shown. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal

from policies.library.models import Amount, Policy
from policies.numbers.typed import Number, counts_in, is_span, money_in, shares_in

_NOUN = re.compile(
    r"营业?收入?|收入|产值|销售额?|注册资[本金]|利润|净利|税收|纳税|缴税|贷款|融资|借款|订单|合同|"
    r"出口|研发|工资|产量|设备|投资|算力"
)
UNITS = ("吨", "亩", "个", "项", "家")
_MEASURES = frozenset({"吨", "亩", "年", "月"})
_ROOT = 2
_SAYS_RESULT = re.compile(r"就是|等于|=|对吧|算下来|合计|是不是")
_ASKS_SUM = "告诉我一个具体的数（例如500万元），就能按条文的比例算给您看。"


def worked_out(policy: Policy, text: str, among: Sequence[Amount] | None = None) -> tuple[str, ...]:
    """Return one line for each rule of the clause that fits the one figure of the text; () if none fits.

    If the figure is a span or open (几百万), the line asks for a number.

    Args:
        policy: the clause.
        text: what somebody says.
        among: the sums that the figure is for; then 个 counts whatever one is paid for. None: all sums of the clause.
    """
    amounts = policy.amounts if among is None else among
    nouns = _NOUN.findall(text)
    rates = [one for one in amounts if one.rate and one.of and _is_of(one, nouns)]
    sums, all_counts = figures_in(text)
    figures = sums[:1] if len(sums) == 2 and _SAYS_RESULT.search(text) else sums
    if len(figures) == 1 and rates:
        return tuple(_of_rate(one, figures[0]) for one in rates)
    counts = [
        count
        for count in all_counts
        if not any(count.start < one.end and one.start < count.end for one in sums)  # 两个亿
    ]
    if len(counts) == 1:
        return tuple(
            _of_count(one, counts[0])
            for one in amounts
            if one.value_cny
            and (one.per == counts[0].unit or (among is not None and _is_counted(one, counts[0])))
        )
    return (_ASKS_SUM,) if rates and not figures and is_span(text) else ()


def _is_counted(amount: Amount, count: Number) -> bool:
    """Whether 个 counts what a sum is paid for (每个品种). A measure or a time has its own unit."""
    return count.unit == "个" and bool(amount.per) and amount.per not in _MEASURES


def _of_count(amount: Amount, count: Number) -> str:
    number, each = Decimal(count.value), amount.value_cny or 0
    total, cap = number * each, amount.cap_cny
    line = f"{amount.who or amount.what}：{_plain(number)}{count.unit} × {each}元 = {_cny(total)}"
    over = cap is not None and total > cap and amount.cap_per != "每亩"
    return f"{line}，超过上限，{amount.cap_per}最高{_cny(Decimal(cap or 0))}" if over else line


def figures_in(text: str) -> tuple[list[Number], list[Number]]:
    """Return the sums of money and the counts in a text. 1.5万吨 is not a sum."""
    sums = [one for one in money_in(text) if not text.startswith(UNITS, one.end)]
    return sums, list(counts_in(text, UNITS))


def per_cents_named(text: str) -> set[float]:
    """Return the shares that are typed, in per cent (12%, 百分之十二, 12个点, 一成二)."""
    return {share.per_myriad / 100 for share in shares_in(text) if share.per_myriad}


def sums_named(text: str) -> set[int]:
    """Return the sums that a text names in any writing, in yuan (150万, 三十万块)."""
    return {int(found.value) for found in money_in(text)}


def _is_of(amount: Amount, nouns: Sequence[str]) -> bool:
    """Whether a share may apply to the text's figure. A figure without a noun may be of anything."""
    return not nouns or any(noun[:_ROOT] in f"{amount.of}{amount.what}" for noun in nouns)


def _of_rate(amount: Amount, figure: Number) -> str:
    value, rate = Decimal(figure.value), Decimal(str(amount.rate))
    part, about = value * rate, "约" if figure.is_rough else ""
    line = f"{amount.who or amount.what}：{about}{_cny(value)} × {_plain(rate * 100)}% = {about}{_cny(part)}"
    cap = amount.cap_cny
    if cap is None or amount.cap_per == "每亩":
        return line
    return (
        f"{line}，超过上限，最高{_cny(Decimal(cap))}" if part > cap else f"{line}（上限{_cny(Decimal(cap))}）"
    )


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _cny(value: Decimal) -> str:
    return f"{_plain(value / 10_000)}万元" if value >= 10_000 else f"{_plain(value)}元"
