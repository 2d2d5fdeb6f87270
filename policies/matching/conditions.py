"""Conditions over facts, as data. A condition is true, false, or open while a fact it needs was not told. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Number = int | Decimal
Value = bool | Number | str | tuple[str, ...]
"""A fact's value: yes or no, an exact number, one option's id, or the ids of several options."""
Told = Mapping[str, Value]
"""Facts that were told, by id; what was not told is not in it."""


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
"""Comparisons of facts of which several options may hold."""


class Condition(BaseModel):
    """One comparison.

    Attributes:
        quote: the clause's words that say so; "" in a question's own condition.
        unknown_ok: a fact that was not told does not hold the benefit back: the issuer's territory, or a title that
            a company may have had before.
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

    def holds(self, told: Told) -> bool | None:
        """Whether it is met; None while its fact was not told."""
        value = told.get(self.fact)
        return None if value is None else _compare(self, value)


class AnyOf(BaseModel):
    """At least one of several conditions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    any_of: "tuple[Term, ...]" = Field(min_length=1)
    unknown_ok: bool = False

    def holds(self, told: Told) -> bool | None:
        """True where one is met, False where none can be, else None."""
        results = [term.holds(told) for term in self.any_of]
        return True if True in results else None if None in results else False


class AllOf(BaseModel):
    """Several conditions together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    all_of: "tuple[Term, ...]" = Field(min_length=1)
    unknown_ok: Literal[False] = False

    def holds(self, told: Told) -> bool | None:
        """False where one is not met, None where one is open, else True."""
        results = [term.holds(told) for term in self.all_of if not _is_excused(term, told)]
        return False if False in results else None if None in results else True


Term = Annotated[Condition | AnyOf | AllOf, Field(union_mode="left_to_right")]


def met(terms: tuple[Term, ...], told: Told) -> bool | None:
    """Whether all are met: False beats open, open beats true. A term that is excused while open counts as met."""
    return AllOf.model_construct(all_of=terms).holds(told)


def missing(term: Term, told: Told) -> Iterator[str]:
    """Facts that a term still waits for, by id; none where it is decided or excused."""
    if term.holds(told) is not None or _is_excused(term, told):
        return
    if isinstance(term, Condition):
        yield term.fact
        return
    for part in term.any_of if isinstance(term, AnyOf) else term.all_of:
        yield from missing(part, told)


def comparisons(term: Term) -> Iterator[Condition]:
    """Every comparison of a term."""
    if isinstance(term, Condition):
        yield term
        return
    for part in term.any_of if isinstance(term, AnyOf) else term.all_of:
        yield from comparisons(part)


def _is_excused(term: Term, told: Told) -> bool:
    return term.unknown_ok and term.holds(told) is None


def _compare(condition: Condition, value: Value) -> bool:
    wanted = condition.value
    if isinstance(value, tuple):
        return _compare_several(condition.op, value, wanted)
    if condition.op in NUMERIC:
        if isinstance(value, str) or isinstance(wanted, (str, tuple)):
            raise TypeError(f"{condition.fact} is no number")
        return {Op.MORE: value > wanted, Op.AT_LEAST: value >= wanted, Op.AT_MOST: value <= wanted}[
            condition.op
        ]
    if condition.op is Op.IN and isinstance(wanted, tuple):
        return value in wanted
    if condition.op is Op.EQUALS:
        return value == wanted
    raise TypeError(f"{condition.op} does not compare {condition.fact}")


def _compare_several(op: Op, value: tuple[str, ...], wanted: Value) -> bool:
    if op is Op.NOT_EMPTY:
        return bool(value)
    if op is Op.CONTAINS_ANY and isinstance(wanted, tuple):
        return not set(wanted).isdisjoint(value)
    if op in {Op.CONTAINS, Op.NOT_CONTAINS}:
        return (wanted in value) == (op is Op.CONTAINS)
    raise TypeError(f"{op} does not compare several options")
