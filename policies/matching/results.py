"""The judgement on one benefit by the told facts: the verdict, its reasons, what is missing, and the sum. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from policies.matching.benefits import Benefit
from policies.matching.conditions import ToldFacts, missing
from policies.matching.facts import Facts
from policies.matching.sums import BenefitSum


class BenefitVerdict(StrEnum):
    """The verdict on a benefit by the told facts."""

    LIKELY = "likely"
    MAYBE = "maybe"
    NO = "no"


class ConditionResult(NamedTuple):
    """A condition's words, and whether it is met (None: not told)."""

    quote: str
    met: bool | None


@dataclass(frozen=True)
class Result:
    """The judgement on one benefit. Reasons and sum are calculated when they are asked for.

    Attributes:
        missing: ids of the facts that the verdict waits for, in the order of the questions.
        told: the facts that it was judged by.
        caveat: a sentence of care, e.g. that the basis document's period is over; "" for none.
    """

    benefit: Benefit
    verdict: BenefitVerdict
    missing: tuple[str, ...]
    told: ToldFacts
    caveat: str = ""

    @cached_property
    def why(self) -> tuple[ConditionResult, ...]:
        """One reason for each of the benefit's comparisons, in their order."""
        return tuple([ConditionResult(one.quote, one.holds(self.told)) for one in self.benefit.comparisons])

    @cached_property
    def sum(self) -> BenefitSum | None:
        """Return the rule's sum in yuan. For a maybe, return the sum that it would be."""
        rule = self.benefit.sum
        if rule is None or self.verdict is BenefitVerdict.NO:
            return None
        found = rule.work_out(self.told)
        if found is None or self.verdict is BenefitVerdict.LIKELY:
            return found
        return found._replace(working=f"若符合条件：{found.working}")


def judge(benefit: Benefit, facts: Facts, told: ToldFacts, caveat: str = "") -> Result:
    """Judge one benefit by the told facts."""
    waits: set[str] = set()
    for fact, compare, wanted, may_be_open in benefit.plain:
        value = told.get(fact)
        if value is None:
            if not may_be_open:
                waits.add(fact)
        elif not compare(value, wanted):
            return Result(benefit, BenefitVerdict.NO, (), told, caveat)
    for term in benefit.composed:
        holds = term.holds(told)
        if holds is False:
            return Result(benefit, BenefitVerdict.NO, (), told, caveat)
        if holds is None and not term.unknown_ok:
            waits.update(missing(term, told))
    if not waits:
        return Result(benefit, BenefitVerdict.LIKELY, (), told, caveat)
    ordered = tuple(sorted(waits, key=facts.order.__getitem__)) if len(waits) > 1 else tuple(waits)
    return Result(benefit, BenefitVerdict.MAYBE, ordered, told, caveat)
