"""The amounts of a clause as a table. Each group of rows is shown with the passage that states it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from policies.library.amounts.amount_words import each
from policies.library.models import Amount, AmountKind
from policies.numbers.written import in_cny, in_percent


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of texts: who receives it, for what, per what unit, how much, how it is calculated."""

    who: str
    what: str
    each: str
    money: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The rows that one passage of the clause states."""

    figures: tuple[Figure, ...]
    quote: str
    choice: bool = False
    """Only one of the rows can be received."""


def figure_groups(amounts: Iterable[Amount]) -> tuple[FigureGroup, ...]:
    """Return the amounts in the order of the clause. Neighbours with the same quote form a group."""
    groups = []
    for quote, sums in groupby(amounts, key=lambda amount: amount.quote):
        rows = tuple(sums)
        groups.append(
            FigureGroup(tuple(map(_figure, rows)), quote, choice=len(rows) > 1 and bool(rows[0].choice))
        )
    return tuple(groups)


def _figure(amount: Amount) -> Figure:
    who, what = (amount.who, amount.what) if amount.who else (amount.what, "")
    unit_words = each(
        amount.per if amount.kind in {AmountKind.PER_UNIT, AmountKind.RANGE} else amount.cap_per
    )
    return Figure(who, what, unit_words, _money(amount), _how(amount))


def _money(amount: Amount) -> str:
    sum_cny = amount.value_cny or amount.max_cny or amount.cap_cny or 0
    match amount.kind:
        case AmountKind.UNCAPPED:
            return "不设上限"
        case AmountKind.RATE if not sum_cny:
            return f"{in_percent(amount.rate or 0)}"
        case AmountKind.RATE | AmountKind.MAX:
            return f"最高{in_cny(sum_cny)}"
        case AmountKind.RANGE:
            return f"{in_cny(amount.min_cny or 0)}至{in_cny(sum_cny)}"
        case AmountKind.POOL:
            return f"共{in_cny(sum_cny)}"
        case AmountKind.FIXED | AmountKind.PER_UNIT:
            return in_cny(sum_cny)


def _how(amount: Amount) -> str:
    if amount.rate and amount.of:
        return f"{amount.of}的{in_percent(amount.rate)}"
    if amount.kind is AmountKind.PER_UNIT and amount.cap_cny:
        return f"{each(amount.cap_per)}最高{in_cny(amount.cap_cny)}"
    return ""
