"""Matches the facts of a company with benefits: likely, maybe or no, with reasons, and what to ask next. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from policies.library.models import Policy
from policies.matching.benefits import Benefit
from policies.matching.conditions import ToldFacts, comparisons, met, missing
from policies.matching.facts import Facts
from policies.matching.sums import BenefitSum

GENERIC = frozenset({"place", "org_kind", "ownership", "tracks", "is_holder"})
"""Facts that hold for too many companies to be a reason for a benefit by themselves."""
MOST_MISSING = 2
"""The most facts that a maybe may wait for, if it is shown to a person."""
MOST_ASKED = 3


class Verdict(StrEnum):
    """What the told facts say of a benefit."""

    LIKELY = "likely"
    MAYBE = "maybe"
    NO = "no"


class Reason(NamedTuple):
    """A condition's words, and whether it is met (None: not told)."""

    quote: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Result:
    """What the told facts say of one benefit.

    Attributes:
        missing: ids of the facts that the verdict waits for, in the order of the questions.
        why: one reason for each of the benefit's comparisons, in their order.
        sum: what the rule comes to in yuan; for a maybe, what it would come to.
        caveat: a sentence of care, e.g. that the basis document's period is over; "" for none.
    """

    benefit: Benefit
    verdict: Verdict
    missing: tuple[str, ...]
    why: tuple[Reason, ...]
    sum: BenefitSum | None
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """All results, in the order of the clauses, and the facts worth asking next."""

    results: tuple[Result, ...]
    ask_next: tuple[str, ...]

    def of_clause(self, verdict: Verdict) -> dict[int, list[Result]]:
        """Clauses whose best benefit has this verdict, with those benefits; general support is left out."""
        best: dict[int, Verdict] = {}
        order = (Verdict.NO, Verdict.MAYBE, Verdict.LIKELY)
        specific = [result for result in self.results if not result.benefit.general]
        for result in specific:
            known = best.get(result.benefit.clause, Verdict.NO)
            best[result.benefit.clause] = max(known, result.verdict, key=order.index)
        found: dict[int, list[Result]] = {}
        for result in specific:
            if result.verdict is verdict is best[result.benefit.clause]:
                found.setdefault(result.benefit.clause, []).append(result)
        return found

    @property
    def general(self) -> list[Result]:
        """Support of a general kind that the told facts fit."""
        return [
            result for result in self.results if result.benefit.general and result.verdict is Verdict.LIKELY
        ]


def match(
    benefits: Sequence[Benefit], facts: Facts, told: ToldFacts, policies: Iterable[Policy], today: date
) -> Match:
    """Match told facts with benefits.

    Args:
        benefits: in the order of their clauses.
        facts: every fact that a condition names.
        told: the facts told of one company.
        policies: the published clauses; a benefit whose clause is past its last day gets a caveat.
        today: the day in Asia/Shanghai.
    """
    over = {policy.id for policy in policies if policy.valid_until is not None and policy.valid_until < today}
    results = tuple(_judge(benefit, facts, told, benefit.clause in over) for benefit in benefits)
    return Match(results, _ask_next(results, facts, told))


def is_shown(result: Result, facts: Facts, told: ToldFacts) -> bool:
    """Whether a maybe is shown to a person: a specific told fact speaks for it, and at most `MOST_MISSING` facts are missing."""
    if result.verdict is not Verdict.MAYBE or result.benefit.general or len(result.missing) > MOST_MISSING:
        return False
    speaks = any(
        one.fact not in GENERIC and reason.met is True
        for one, reason in zip(result.benefit.comparisons, result.why, strict=True)
    )
    return speaks or any(_leads_to(facts, fact, told) for fact in result.missing)


def _judge(benefit: Benefit, facts: Facts, told: ToldFacts, over: bool) -> Result:
    holds = met(benefit.conditions, told)
    verdict = _VERDICT[holds]
    waits_for = {fact for term in benefit.conditions for fact in missing(term, told)} if holds is None else ()
    sum_ = benefit.sum.work_out(told) if benefit.sum is not None and verdict is not Verdict.NO else None
    if sum_ is not None and verdict is Verdict.MAYBE:
        sum_ = sum_._replace(working=f"若符合条件：{sum_.working}")
    return Result(
        benefit,
        verdict,
        tuple(sorted(waits_for, key=facts.order.__getitem__)),
        tuple([Reason(one.quote, one.holds(told)) for one in benefit.comparisons]),
        sum_,
        "依据文件写明的期限已过，是否继续执行请向负责部门确认。" if over else "",
    )


_VERDICT = {True: Verdict.LIKELY, None: Verdict.MAYBE, False: Verdict.NO}


def _leads_to(facts: Facts, fact: str, told: ToldFacts) -> bool:
    """Whether a specific told fact makes the question worth asking."""
    when = facts.by_id[fact].asked_when
    return (
        when is not None
        and when.holds(told) is True
        and any(one.fact not in GENERIC and one.fact in told for one in comparisons(when))
    )


def _ask_next(results: Collection[Result], facts: Facts, told: ToldFacts) -> tuple[str, ...]:
    decides = Counter(
        fact
        for result in results
        if is_shown(result, facts, told)
        for fact in result.missing
        if facts.by_id[fact].is_worth_asking(told)
    )
    ranked = sorted(decides, key=lambda fact: (-decides[fact], facts.order[fact]))
    return tuple(ranked[:MOST_ASKED])
