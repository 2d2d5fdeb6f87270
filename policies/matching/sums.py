"""The rule of a benefit's sum, and its result: exact, with the working shown. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from policies.matching.conditions import Number, ToldFacts


class BenefitSum(NamedTuple):
    """The result of a rule, in whole yuan (CNY; a fraction of a yuan is dropped).

    Attributes:
        least_cny: only if the clause fixes it.
        working: the figures, the rate, the cap and which of them decided.
    """

    least_cny: int | None
    most_cny: int
    working: str


class Rule(BaseModel):
    """What every rule has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quote: str


class Maximum(Rule):
    """Up to a sum."""

    kind: Literal["max"]
    cny: int

    def facts(self) -> Iterator[str]:
        """No fact is needed."""
        yield from ()

    def work_out(self, _told: ToldFacts) -> BenefitSum:
        """Return the most."""
        return BenefitSum(None, self.cny, f"最高 {self.cny:,}")


class Fixed(Rule):
    """A fixed sum."""

    kind: Literal["fixed"]
    cny: int

    def facts(self) -> Iterator[str]:
        """No fact is needed."""
        yield from ()

    def work_out(self, _told: ToldFacts) -> BenefitSum:
        """Return the sum itself."""
        return BenefitSum(self.cny, self.cny, f"定额 {self.cny:,}")


class Pool(Rule):
    """One sum for all who get it together."""

    kind: Literal["pool"]
    cny: int

    def facts(self) -> Iterator[str]:
        """No fact is needed."""
        yield from ()

    def work_out(self, _told: ToldFacts) -> BenefitSum:
        """Return the whole pool; the working says that it is shared."""
        return BenefitSum(None, self.cny, f"所有获评者合计 {self.cny:,}")


class Range(Rule):
    """From a sum to a sum; for each unit, if the clause says so."""

    kind: Literal["range"]
    least_cny: int
    most_cny: int
    per: str = ""

    def facts(self) -> Iterator[str]:
        """Yield the number of units."""
        if self.per:
            yield self.per

    def work_out(self, told: ToldFacts) -> BenefitSum | None:
        """Return both ends; None while the number of units is unknown."""
        number = 1 if not self.per else _number(told, self.per)
        if number is None:
            return None
        least, most = int(self.least_cny * number), int(self.most_cny * number)
        if number == 1:
            return BenefitSum(least, most, f"{least:,} 至 {most:,}")
        return BenefitSum(
            least, most, f"{number:,}×（{self.least_cny:,} 至 {self.most_cny:,}）= {least:,} 至 {most:,}"
        )


class ByChoice(Rule):
    """A fixed sum that depends on an answer."""

    kind: Literal["by_choice"]
    of: str
    cny: Mapping[str, int]

    def facts(self) -> Iterator[str]:
        """Yield the answer that decides."""
        yield self.of

    def work_out(self, told: ToldFacts) -> BenefitSum | None:
        """Return the sum of the answer; None if it was not told or has no sum."""
        found = self.cny.get(str(told.get(self.of)))
        return None if found is None else BenefitSum(found, found, f"定额 {found:,}")


class CapPer(BaseModel):
    """A cap for each unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cny: int
    of: str


class Share(Rule):
    """A share of what was spent, up to a cap.

    Attributes:
        rate: a decimal fraction, as text so that it stays exact.
        of: the facts that are added up. If at least one was told, the others count as 0.
    """

    kind: Literal["share"]
    rate: Decimal
    of: tuple[str, ...] = Field(min_length=1)
    cap_cny: int | None = None
    cap_per: CapPer | None = None

    def facts(self) -> Iterator[str]:
        """Yield the facts of what was spent, and the units of the cap."""
        yield from self.of
        if self.cap_per:
            yield self.cap_per.of

    def work_out(self, told: ToldFacts) -> BenefitSum | None:
        """Return the share or the cap; None while none of its facts was told."""
        parts = [number for number in (_number(told, fact) for fact in self.of) if number is not None]
        cap = self._cap(told)
        if not parts or (self.cap_per is not None and cap is None):
            return None
        base = f"{parts[0]:,}" if len(parts) == 1 else f"（{'+'.join(f'{part:,}' for part in parts)}）"
        amount = int(sum(parts) * self.rate)
        return _capped(f"{base}×{_percent(self.rate)} = {amount:,}", amount, cap, "上限")

    def _cap(self, told: ToldFacts) -> int | None:
        if self.cap_per is None:
            return self.cap_cny
        number = _number(told, self.cap_per.of)
        return None if number is None else int(number * self.cap_per.cny)


class UnitSum(BaseModel):
    """So much for each unit of some facts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cny: int
    of: tuple[str, ...] = Field(min_length=1)


class PerUnit(Rule):
    """A sum for each unit, over several kinds of units, up to a cap.

    Attributes:
        already_received: the fact of what was received before, if the cap holds over the years. Not told: 0.
    """

    kind: Literal["per_unit"]
    parts: tuple[UnitSum, ...] = Field(min_length=1)
    cap_cny: int | None = None
    already_received: str = ""

    def facts(self) -> Iterator[str]:
        """Yield the units, and what was received before."""
        for part in self.parts:
            yield from part.of
        if self.already_received:
            yield self.already_received

    def work_out(self, told: ToldFacts) -> BenefitSum | None:
        """Return the sum of all units; None while no unit was told."""
        lines: list[str] = []
        total: Number = 0
        for part in self.parts:
            numbers = [number for number in (_number(told, fact) for fact in part.of) if number]
            if not numbers:
                continue
            amount = _plain(sum(numbers) * part.cny)
            total += amount
            units = (
                f"{numbers[0]:,}"
                if len(numbers) == 1
                else f"({'+'.join(f'{number:,}' for number in numbers)})"
            )
            lines.append(f"{units}×{part.cny:,} = {amount:,}")
        if not lines:
            return None
        if len(lines) > 1:
            lines.append(f"合计 {total:,}")
        cap, name = self.cap_cny, "上限"
        received = _number(told, self.already_received) if self.already_received else None
        if cap is not None and received:
            cap, name = int(max(cap - received, 0)), f"上限 {cap:,} 减已领 {received:,} 余"
        return _capped("；".join(lines), int(total), cap, name)


AnyRule = Annotated[Maximum | Fixed | Pool | Range | ByChoice | Share | PerUnit, Field(discriminator="kind")]


def _number(told: ToldFacts, fact: str) -> Number | None:
    value = told.get(fact)
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _plain(number: Number) -> Number:
    return int(number) if number == int(number) else number


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def _capped(working: str, amount: int, cap: int | None, name: str) -> BenefitSum:
    if cap is None:
        return BenefitSum(None, amount, working)
    if amount > cap:
        return BenefitSum(None, cap, f"{working} > {name} {cap:,}，取 {cap:,}")
    sign = "=" if amount == cap else "≤"
    return BenefitSum(None, amount, f"{working} {sign} {name} {cap:,}")
