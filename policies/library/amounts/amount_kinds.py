"""Proof that the kind of an amount, its unit and its receiver are what the clause says. Pure."""

from collections.abc import Iterator, Mapping

from policies.library.amounts.how_stated import NO_CAP, Stated, said, says_each, stated_sums
from policies.library.amounts.support import support_in
from policies.library.models import Amount, AmountKind, Policy
from policies.numbers.written import in_cny, in_percent

_SUMS = ("value_cny", "min_cny", "max_cny", "cap_cny")
_STATED: Mapping[AmountKind, Mapping[str, Stated]] = {
    AmountKind.MAX: {"max_cny": Stated.MAX},
    AmountKind.FIXED: {"value_cny": Stated.PLAIN},
    AmountKind.RANGE: {"min_cny": Stated.LEAST, "max_cny": Stated.MOST},
    AmountKind.RATE: {"cap_cny": Stated.MAX},
    AmountKind.PER_UNIT: {"value_cny": Stated.PLAIN, "cap_cny": Stated.MAX},
    AmountKind.POOL: {"value_cny": Stated.POOL},
    AmountKind.UNCAPPED: {},
}
"""Of each kind: the sums it has, and how the clause has to state each."""


def kind_faults(policy: Policy, amount: Amount) -> Iterator[tuple[str, str]]:
    """Yield what an amount claims and the clause does not say, as field and message. Its quote is in the text."""
    yield from _sums(policy.text, amount)
    if amount.kind is AmountKind.UNCAPPED and not NO_CAP.search(amount.quote):
        yield "kind", "引文没有说不设上限"
    if amount.kind is not AmountKind.RATE:
        if amount.rate is not None:
            yield "rate", "这一类金额不应有比例"
        yield from _shares(policy, amount)
    if amount.per and not says_each(policy.text, amount.per):
        yield "per", f"原文里没有“每{amount.per.removeprefix('每')}”"
    for field in ("who", "cap_per"):
        words = getattr(amount, field)
        if words and not said(policy.text, words):
            yield field, f"“{words}”不是原文的话，请用原文或留空"


def _sums(text: str, amount: Amount) -> Iterator[tuple[str, str]]:
    wanted = _STATED[amount.kind]
    for field in _SUMS:
        cny = getattr(amount, field)
        if cny is None:
            continue
        if field not in wanted:
            yield field, "这一类金额不应有这一项"
            continue
        stated = _stated_as(text, amount.quote, cny)
        if stated and wanted[field] not in stated:
            yield "kind", f"原文里的 {in_cny(cny)} 是{stated[0]}，不是{wanted[field]}"


def _stated_as(text: str, quote: str, cny: int) -> list[Stated]:
    """Return how the text states a sum inside its quote. The words that say so may stand before the quote."""
    spans = []
    at = text.find(quote)
    while at >= 0:
        spans.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return [
        one.stated
        for one in stated_sums(text)
        if one.money.cny == cny
        and any(start <= one.money.start and one.money.end <= end for start, end in spans)
    ]


def _shares(policy: Policy, amount: Amount) -> Iterator[tuple[str, str]]:
    """A quote that gives a share is of a rate, or another amount of the clause states that rate."""
    rates = {other.rate for other in policy.amounts}
    for share in support_in(amount.quote):
        if share.rate is not None and share.rate not in rates:
            yield "kind", f"引文按 {in_percent(share.rate)} 给予，应作为比例填写"
