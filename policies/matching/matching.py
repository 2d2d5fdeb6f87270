"""Matches the facts of a company with benefits: likely, maybe or no, with reasons, and what to ask next. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from policies.library.models import Policy
from policies.matching.asking import ask_next
from policies.matching.benefits import Benefit
from policies.matching.conditions import ToldFacts
from policies.matching.facts import Facts
from policies.matching.results import BenefitVerdict, Result, judge

OVER = "依据文件写明的期限已过，是否继续执行请向负责部门确认。"
"""The caveat of a benefit whose clause is past its last day."""


@dataclass(frozen=True, slots=True)
class Match:
    """All results, in the order of the clauses, and the facts worth asking next."""

    results: tuple[Result, ...]
    ask_next: tuple[str, ...]

    def of_clause(self, verdict: BenefitVerdict) -> dict[int, list[Result]]:
        """Return clauses whose best benefit has this verdict, with those benefits; general support is left out."""
        best: dict[int, BenefitVerdict] = {}
        order = (BenefitVerdict.NO, BenefitVerdict.MAYBE, BenefitVerdict.LIKELY)
        specific = [result for result in self.results if not result.benefit.general]
        for result in specific:
            known = best.get(result.benefit.clause, BenefitVerdict.NO)
            best[result.benefit.clause] = max(known, result.verdict, key=order.index)
        found: dict[int, list[Result]] = {}
        for result in specific:
            if result.verdict is verdict is best[result.benefit.clause]:
                found.setdefault(result.benefit.clause, []).append(result)
        return found

    @property
    def likely(self) -> list[Result]:
        """Benefits whose conditions are all met; general support is left out."""
        return [
            result
            for result in self.results
            if result.verdict is BenefitVerdict.LIKELY and not result.benefit.general
        ]

    @property
    def general(self) -> list[Result]:
        """Support of a general kind that the told facts fit."""
        return [
            result
            for result in self.results
            if result.benefit.general and result.verdict is BenefitVerdict.LIKELY
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
        today: the day in Asia/Shanghai for which the answer holds.
    """
    over = {
        policy.key for policy in policies if policy.valid_until is not None and policy.valid_until < today
    }
    results = tuple(
        [judge(benefit, facts, told, OVER if benefit.clause in over else "") for benefit in benefits]
    )
    return Match(results, ask_next(results, facts, told))


def alternatives(results: Iterable[Result]) -> list[list[Result]]:
    """Return the results in groups. A company can have one of each group, because the clause excludes the others.

    A benefit that excludes no other is a group of its own. Sums of one group are never added.
    """
    groups: list[list[Result]] = []
    for result in results:
        joined = [
            group for group in groups if any(_exclude(result.benefit, other.benefit) for other in group)
        ]
        for group in joined:
            groups.remove(group)
        groups.append([*(other for group in joined for other in group), result])
    return groups


def _exclude(one: Benefit, other: Benefit) -> bool:
    return other.id in one.excludes or one.id in other.excludes
