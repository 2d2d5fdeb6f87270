"""The clauses that state a sum asked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from policies.library.models import Amount, AmountKind, Policy
from policies.search.reading.sums import Comparison, SumAsked, states


@dataclass(frozen=True, slots=True)
class _Stated:
    """Clauses that state the same sums.

    Attributes:
        amounts: their sums; a pool shared by all is nobody's own sum and is left out.
        highest_cny: their highest sum in yuan, 0 for none.
        keys: their keys.
    """

    amounts: tuple[Amount, ...]
    highest_cny: int
    keys: list[int]


class StatedSums:
    """Clauses by the sums they state. Each question is compared with each set of sums once, not with each clause."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        stated: dict[tuple[object, ...], _Stated] = {}
        for policy in policies:
            amounts = tuple(amount for amount in policy.amounts if amount.kind is not AmountKind.POOL)
            if amounts:
                sums = tuple((a.kind, a.value_cny, a.min_cny, a.max_cny, a.rate, a.cap_cny) for a in amounts)
                highest = max(amount.highest_cny or 0 for amount in amounts)
                stated.setdefault(sums, _Stated(amounts, highest, [])).keys.append(policy.key)
        self._stated = tuple(stated.values())
        self._highest_cny = max((each.highest_cny for each in self._stated), default=0)

    def clauses(self, asked: SumAsked) -> tuple[int, ...]:
        """Keys of the clauses with such a sum, the largest first.

        For 以下 and 不到 each sum of a clause must be so low. Where no clause states a sum as its ceiling (最高…), the
        clauses that state the sum in any way are given.
        """
        found = [each for each in self._stated if self._fits(each, asked)]
        if not found and asked.comparison is Comparison.CAP:
            return self.clauses(SumAsked(Comparison.EQUAL, asked.low, asked.high))
        ranked = sorted((-each.highest_cny, key) for each in found for key in each.keys)
        return tuple([key for _, key in ranked])

    def _fits(self, each: _Stated, asked: SumAsked) -> bool:
        match asked.comparison:
            case Comparison.LARGEST:
                return 0 < each.highest_cny == self._highest_cny
            case Comparison.AT_MOST | Comparison.UNDER:
                return all(states(amount, asked) for amount in each.amounts)
            case _:
                return any(states(amount, asked) for amount in each.amounts)
