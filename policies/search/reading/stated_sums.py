"""Finding the clauses that state a sum asked for, without reading them all."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policies.library.models import Amount, AmountKind, Policy
from policies.search.reading.sums import Comparison, SumAsked, stated, states


@dataclass(frozen=True, slots=True)
class _Alike:
    """Clauses with the same sums: what they state, their highest sum (yuan, 0 for none) and their numbers."""

    amounts: tuple[Amount, ...]
    highest: int
    ids: list[int]


class SumIndex:
    """Clauses by the sums they state; a pool shared by all (see `sums.states`) is never one of them.

    Clauses with the same sums are kept together. Each comparison has its own table: ceilings, shares and
    stated sums by value, and the highest sums in order.
    """

    def __init__(self, policies: Iterable[Policy]) -> None:
        alike: dict[tuple[object, ...], _Alike] = {}
        for policy in policies:
            amounts = tuple(amount for amount in policy.amounts if amount.kind is not AmountKind.POOL)
            if amounts:
                key = tuple((a.kind, a.value_cny, a.min_cny, a.max_cny, a.rate, a.cap_cny) for a in amounts)
                highest = max(amount.highest_cny or 0 for amount in amounts)
                alike.setdefault(key, _Alike(amounts, highest, [])).ids.append(policy.id)
        self._rising = sorted(alike.values(), key=lambda each: each.highest)
        self._highest = [each.highest for each in self._rising]
        self._bounded = [
            each for each in self._rising if all(amount.highest_cny is not None for amount in each.amounts)
        ]
        self._bounds = [each.highest for each in self._bounded]
        self._shares: dict[int, list[_Alike]] = {}
        stating: dict[int, list[_Alike]] = {}
        for each in self._rising:
            for share in {round(amount.rate * 10_000) for amount in each.amounts if amount.rate is not None}:
                self._shares.setdefault(share, []).append(each)
            for cny in {cny for amount in each.amounts for cny in stated(amount)}:
                stating.setdefault(cny, []).append(each)
        self._stating = stating
        self._stated = sorted(stating)
        self._uncapped = [each for each in self._rising if _states(each, _UNCAPPED)]

    def stating(self, asked: SumAsked) -> tuple[int, ...]:
        """All clauses with such a sum, the largest first; for 以下 and 不到 all of a clause's sums must be."""
        found = self._found(asked)
        if not found and asked.comparison is Comparison.CAP:
            found = self._found(SumAsked(Comparison.EQUAL, asked.low, asked.low))
        by_highest: dict[int, list[int]] = {}
        for each in found:
            by_highest.setdefault(each.highest, []).extend(each.ids)
        return tuple(
            number for highest in sorted(by_highest, reverse=True) for number in sorted(by_highest[highest])
        )

    def _found(self, asked: SumAsked) -> Sequence[_Alike]:
        match asked.comparison:
            case Comparison.AT_LEAST:
                return self._rising[bisect_left(self._highest, asked.low) :]
            case Comparison.OVER:
                return self._rising[bisect_right(self._highest, asked.low) :]
            case Comparison.AT_MOST:
                return self._bounded[: bisect_right(self._bounds, asked.low)]
            case Comparison.UNDER:
                return self._bounded[: bisect_left(self._bounds, asked.low)]
            case Comparison.LARGEST:
                top = self._highest[-1] if self._highest else 0
                return self._rising[bisect_left(self._highest, top) :] if top else []
            case Comparison.SHARE:
                return self._shares.get(asked.low, ())
            case Comparison.CAP:
                return [each for each in self._stating.get(asked.low, ()) if _states(each, asked)]
            case Comparison.EQUAL:
                low, high = bisect_left(self._stated, asked.low), bisect_right(self._stated, asked.high)
                groups = (each for cny in self._stated[low:high] for each in self._stating[cny])
                return tuple({id(each): each for each in groups}.values())
            case Comparison.UNCAPPED:
                return self._uncapped


_UNCAPPED = SumAsked(Comparison.UNCAPPED)


def _states(each: _Alike, asked: SumAsked) -> bool:
    return any(states(amount, asked) for amount in each.amounts)
