"""Writes a clause's sum in a few words, for a table or an alert, and finds the passages that state the sums."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from policies.library.models import Amount, AmountKind, Policy
from policies.numbers.written import in_cny, in_percent

_LIMIT = re.compile(
    r"(?:最[多长高大]|至多|不(?:得)?超过|不高于|不多于|上限|限额|累计|总额|期限|(?<!不)限)"
    r"[^，,、]{0,12}?[\d一二三四五六七八九十百千两半]|"
    r"封顶|为限"
)
_SENTENCE_ENDS = re.compile(r"[。；;\n]")
_MARK = re.compile(r"[，,、]|\Z")
_MOST_BEHIND = 80


def in_words(amount: Amount) -> str:
    """Return the figures of an amount: 年度设备投资额的12%，最高600万元; every figure is the clause's own."""
    cap = ""
    if amount.cap_cny is not None:
        cap = f"，{amount.cap_per}最高{in_cny(amount.cap_cny)}"
    return each(amount.per) + _sum(amount) + cap


def each(unit: str) -> str:
    """亩 → 每亩. A unit that already contains 每 or 单个 is not changed; "" for none."""
    return unit if not unit or "每" in unit or "单个" in unit else f"每{unit}"


def _sum(amount: Amount) -> str:
    value, low, high = (
        in_cny(cny) if cny is not None else "" for cny in (amount.value_cny, amount.min_cny, amount.max_cny)
    )
    match amount.kind:
        case AmountKind.MAX:
            return f"{amount.cap_per}最高{high}"
        case AmountKind.RANGE:
            return f"{low}至{high}"
        case AmountKind.RATE:
            return f"{amount.of}的{in_percent(amount.rate or 0)}"
        case AmountKind.POOL:
            return f"共{value}"
        case AmountKind.UNCAPPED:
            return "不设上限"
        case AmountKind.FIXED | AmountKind.PER_UNIT:
            return value


def quotes_of(policy: Policy, amounts: Iterable[Amount] | None = None) -> tuple[str, ...]:
    """Return the passages that state sums of a clause, each once, with the limits that follow in the same sentence.

    Args:
        policy: the clause.
        amounts: some of its sums. None: all of them.
    """
    wanted = tuple(one.quote for one in (policy.amounts if amounts is None else amounts))
    whole = _with_limits(policy.text, tuple(dict.fromkeys(one.quote for one in policy.amounts)))
    return tuple(dict.fromkeys(whole[quote] for quote in wanted))


@lru_cache(maxsize=1_000)
def _with_limits(text: str, quotes: tuple[str, ...]) -> Mapping[str, str]:
    """Return each passage, up to the last limit behind it that belongs to no other sum
    (…每天1元、最多500平方米给予补贴，最长2年).
    """
    begins = sorted(at for quote in quotes if (at := text.find(quote)) >= 0)
    return {quote: _up_to_limit(text, quote, begins) for quote in quotes}


def _up_to_limit(text: str, quote: str, begins: Sequence[int]) -> str:
    at = text.find(quote)
    end = at + len(quote)
    stop = next((other for other in begins if other >= end), len(text))
    closing = _SENTENCE_ENDS.search(text, end, min(stop, end + _MOST_BEHIND))
    behind = text[end : closing.start() if closing else min(stop, end + _MOST_BEHIND)] if at >= 0 else ""
    limits = [found.end() for found in _LIMIT.finditer(behind)]
    if not limits:
        return quote
    mark = _MARK.search(behind, limits[-1])
    return quote + behind[: mark.start() if mark else len(behind)].rstrip("，,、 ")
