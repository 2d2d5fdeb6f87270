"""Conditions over facts, as data. Pure.

A condition is true (True), false (False), or open (None) while a fact that it needs was not told.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Number = int | Decimal
Value = bool | Number | str | tuple[str, ...]
"""A fact's value: yes or no, an exact number, one option's id, or the ids of several options."""
ToldFacts = Mapping[str, Value]
"""The told facts by id. A fact that was not told is missing."""


class Op(StrEnum):
    """How a fact is compared."""

    EQUALS = "="
    IN = "in"
    MORE = ">"
    AT_LEAST = ">="
    AT_MOST = "<="
    CONTAINS = "contains"
    CONTAINS_ANY = "contains_any"
    NOT_CONTAINS = "not_contains"
    NOT_EMPTY = "not_empty"


NUMERIC = frozenset({Op.MORE, Op.AT_LEAST, Op.AT_MOST})
"""Comparisons of numbers."""
OF_SEVERAL = frozenset({Op.CONTAINS, Op.CONTAINS_ANY, Op.NOT_CONTAINS, Op.NOT_EMPTY})
"""Comparisons for facts with several options at once."""


COMPARE: Mapping[Op, Callable[[Any, Any], bool]] = {
    Op.EQUALS: operator.eq,
    Op.IN: lambda value, wanted: value in wanted,
    Op.MORE: operator.gt,
    Op.AT_LEAST: operator.ge,
    Op.AT_MOST: operator.le,
    Op.CONTAINS: lambda value, wanted: wanted in value,
    Op.NOT_CONTAINS: lambda value, wanted: wanted not in value,
    Op.CONTAINS_ANY: lambda value, wanted: not set(wanted).isdisjoint(value),
    Op.NOT_EMPTY: lambda value, _wanted: bool(value),
}
"""How a told value is compared with the one a condition names. `checking` proves that each fits its fact's type."""


class Condition(BaseModel):
    """One comparison.

    Attributes:
        quote: the clause's words that say so; "" in a question's own condition.
        unknown_ok: the benefit may be likely although this fact was not told (the issuer's territory, a title that a
            company may have had before, or the kind of body where only an enterprise can have the title).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str
    op: Op
    value: bool | int | str | tuple[str, ...] = True
    quote: str = ""
    unknown_ok: bool = False

    @field_validator("value", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _fits(self) -> "Condition":
        wants_several = self.op in {Op.IN, Op.CONTAINS_ANY}
        is_number = isinstance(self.value, int) and not isinstance(self.value, bool)
        if wants_several != isinstance(self.value, tuple) or (self.op in NUMERIC) != is_number:
            raise ValueError(f"{self.op} does not compare with {self.value!r}")
        return self

    def holds(self, told: ToldFacts) -> bool | None:
        """Whether it is met; None if its fact was not told."""
        value = told.get(self.fact)
        return None if value is None else COMPARE[self.op](value, self.value)


class AnyOf(BaseModel):
    """At least one of several terms."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    any_of: "tuple[Term, ...]" = Field(min_length=1)
    unknown_ok: bool = False

    def holds(self, told: ToldFacts) -> bool | None:
        """True if one is met, False if all are false, else None."""
        results = [term.holds(told) for term in self.any_of]
        return True if True in results else None if None in results else False


class AllOf(BaseModel):
    """Several terms together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    all_of: "tuple[Term, ...]" = Field(min_length=1)
    unknown_ok: Literal[False] = False

    def holds(self, told: ToldFacts) -> bool | None:
        """See `met`."""
        return met(self.all_of, told)


Term = Annotated[Condition | AnyOf | AllOf, Field(union_mode="left_to_right")]


def met(terms: tuple[Term, ...], told: ToldFacts) -> bool | None:
    """Whether all terms are met.

    False if one is not met; otherwise None if one is open; otherwise True. An open term with `unknown_ok` counts as
    met.
    """
    is_open = False
    for term in terms:
        result = term.holds(told)
        if result is False:
            return False
        is_open = is_open or (result is None and not term.unknown_ok)
    return None if is_open else True


def missing(term: Term, told: ToldFacts) -> Iterator[str]:
    """Yield the ids of the facts that an open term waits for. A decided term, or an open one with `unknown_ok`, yields none."""
    if term.unknown_ok or term.holds(told) is not None:
        return
    if isinstance(term, Condition):
        yield term.fact
        return
    for part in term.any_of if isinstance(term, AnyOf) else term.all_of:
        yield from missing(part, told)


def comparisons(term: Term) -> Iterator[Condition]:
    """Yield every comparison of a term."""
    if isinstance(term, Condition):
        yield term
        return
    for part in term.any_of if isinstance(term, AnyOf) else term.all_of:
        yield from comparisons(part)
