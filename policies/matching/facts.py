"""The facts that can be told of a company: type, question, and when the question is worth asking."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from policies.district.folder import rules_in
from policies.district.models import DistrictPart
from policies.district.rules import read_rules
from policies.matching.conditions import Number, Term, ToldFacts, Value


class FactError(Exception):
    """A told fact is unknown, or its value is of the wrong type; the message names both."""


class Option(BaseModel):
    """One answer of a choice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    label: str


class CompanyFact(BaseModel):
    """Something that can be told of a company.

    Attributes:
        type: `choice` is one option's id, `multi` a list of them (a told list is complete), `yuan` whole yuan (CNY).
        min, sane_max: a number outside counts as not told, so it is asked again.
        asked_when: the question is worth asking if this holds. None: always.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    label: str
    question: str
    type: Literal["bool", "choice", "multi", "number", "yuan"]
    unit: str = ""
    options: tuple[Option, ...] = ()
    definition: str = ""
    min: int = 0
    sane_max: int = 10**18
    asked_when: Term | None = None

    @property
    def option_ids(self) -> frozenset[str]:
        """Ids that a choice may have."""
        return frozenset(option.id for option in self.options)

    def read(self, raw: object) -> Value | None:
        """Check a told value and bring it into the form that conditions compare.

        Returns:
            None for "not told", also for a number outside `min` and `sane_max`.

        Raises:
            FactError: the value has the wrong type, or names an option that does not exist.
        """
        if raw is None:
            return None
        match self.type:
            case "bool":
                return self._bool(raw)
            case "choice":
                return self._choice(raw)
            case "multi":
                return self._multi(raw)
            case _:
                return self._number(raw)

    def is_worth_asking(self, told: ToldFacts) -> bool:
        """Whether its question fits the told facts. A comparison with a fact that was not told counts as false."""
        return self.asked_when is None or self.asked_when.holds(told) is True

    def _bool(self, raw: object) -> bool:
        if not isinstance(raw, bool):
            raise self._wrong(raw, "true or false")
        return raw

    def _choice(self, raw: object) -> str:
        if not isinstance(raw, str) or raw not in self.option_ids:
            raise self._wrong(raw, f"one of {', '.join(option.id for option in self.options)}")
        return raw

    def _multi(self, raw: object) -> tuple[str, ...]:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            raise self._wrong(raw, "a list of its options")
        return tuple(self._choice(one) for one in raw)

    def _number(self, raw: object) -> Number | None:
        if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal) or not math.isfinite(raw):
            raise self._wrong(raw, "a number")
        exact = Decimal(str(raw))
        if not self.min <= exact <= self.sane_max:
            return None
        return int(exact) if exact == int(exact) else exact

    def _wrong(self, raw: object, wanted: str) -> FactError:
        return FactError(f"{self.id} wants {wanted}, not {str(raw)[:40]!r}")


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: tuple[CompanyFact, ...]


class Facts:
    """All facts, in the order in which their questions are asked."""

    def __init__(self, facts: Sequence[CompanyFact]) -> None:
        self.all = tuple(facts)
        self.by_id: Mapping[str, CompanyFact] = {fact.id: fact for fact in facts}
        self.order: Mapping[str, int] = {fact.id: number for number, fact in enumerate(facts)}

    def read(self, raw: Mapping[str, Any]) -> dict[str, Value]:
        """Return told facts in the form that conditions compare.

        Raises:
            FactError: a fact is unknown, or a value has the wrong type.
        """
        told: dict[str, Value] = {}
        for name, value in raw.items():
            if name not in self.by_id:
                raise FactError(f"unknown fact {name[:60]!r}; `policybot match --facts` lists them")
            read = self.by_id[name].read(value)
            if read is not None:
                told[name] = read
        return told

    def read_kept(self, raw: Mapping[str, Any]) -> dict[str, Value]:
        """Read kept facts. A fact that no longer exists, or has another type now, is left out."""
        told: dict[str, Value] = {}
        for name, value in raw.items():
            try:
                told |= self.read({name: value})
            except FactError:
                continue
        return told


NO_FACTS = Facts(())


def as_raw(told: ToldFacts) -> dict[str, Any]:
    """Return told facts in the form of JSON. `Facts.read` reads them again."""
    return {
        fact: list(value)
        if isinstance(value, tuple)
        else float(value)
        if isinstance(value, Decimal)
        else value
        for fact, value in told.items()
    }


def load_facts(rules: Mapping[DistrictPart, Any] | None = None) -> Facts:
    """Read the facts; no facts if the library has none.

    Args:
        rules: the rules of an installation; None: those that come with the program.

    Raises:
        policies.library.data_files.DataFileError: they can't be used.
    """
    found = read_rules(rules_in() if rules is None else rules, DistrictPart.FACTS, _File)
    return Facts(found.facts if found else ())
