"""All benefits and facts of an installation, and the matches they give. Pure; `load_catalogue` reads the data files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from policies.district.folder import rules_in
from policies.district.models import DistrictPart
from policies.library.models import Policy
from policies.matching.asking import is_shown
from policies.matching.benefits import Benefit, load_benefits
from policies.matching.checking import StoppedBenefit, stopped_in
from policies.matching.conditions import ToldFacts, comparisons
from policies.matching.facts import Facts, load_facts
from policies.matching.matching import OVER, Match, match
from policies.matching.results import BenefitVerdict, Result, judge


class Fit(StrEnum):
    """Whether a clause is for a company, by what is told of it."""

    FITS = "fits"
    """A benefit is likely, or a maybe that is shown to people."""
    OPEN = "open"
    """The told facts do not say."""
    UNFIT = "unfit"
    """Each benefit has at least one condition that is not met."""


class Catalogue:
    """The benefits of all clauses. Only `become` changes it, in one step, when other rules or texts are in effect.

    Every reader gets the benefits from here, so that one with a quote that its clause lost is in no answer.

    Args:
        facts: what conditions and sums may name.
        benefits: in the order of their clauses.
        texts: each published clause's text by its number; without them every benefit counts.
    """

    def __init__(
        self, facts: Facts, benefits: Sequence[Benefit], texts: Mapping[int, str] | None = None
    ) -> None:
        self.facts = facts
        stopped: dict[int, list[StoppedBenefit]] = {}
        for one in stopped_in(benefits, texts or {}):
            stopped.setdefault(one.benefit.clause, []).append(one)
        self.stopped: Mapping[int, tuple[StoppedBenefit, ...]] = {
            clause: tuple(each) for clause, each in stopped.items()
        }
        """What a change of a clause stopped, by the clause."""
        out = {one.benefit.id for each in stopped.values() for one in each}
        benefits = self.benefits = tuple(one for one in benefits if one.id not in out)
        of: dict[int, list[Benefit]] = {}
        for benefit in benefits:
            of.setdefault(benefit.clause, []).append(benefit)
        self._needed: dict[int, frozenset[str]] = {}
        self.with_rules = frozenset(
            benefit.clause for benefit in benefits if benefit.sum and any(True for _ in benefit.sum.facts())
        )
        """Clauses with a rule by which a sum is worked out from facts."""
        named = {one.fact for benefit in benefits for one in benefit.comparisons}
        named.update(fact for benefit in benefits if benefit.sum for fact in benefit.sum.facts())
        self.asked = frozenset(named)
        """Facts that a benefit's conditions or rule need; the others are only heard."""
        self.by_clause: Mapping[int, tuple[Benefit, ...]] = {
            clause: tuple(each) for clause, each in of.items()
        }

    def become(self, other: "Catalogue") -> None:
        """Take the facts and benefits of another catalogue from now on."""
        self.__dict__ = dict(other.__dict__)

    def match(self, told: ToldFacts, policies: Sequence[Policy], today: date) -> Match:
        """Match a company with the benefits of the published clauses."""
        published = {policy.key for policy in policies}
        benefits = [benefit for benefit in self.benefits if benefit.clause in published]
        return match(benefits, self.facts, told, policies, today)

    def of_clause(self, policy: Policy, told: ToldFacts, today: date) -> tuple[Result, ...]:
        """Judge each benefit of a clause by the told facts."""
        caveat = OVER if policy.valid_until is not None and policy.valid_until < today else ""
        return tuple(
            judge(benefit, self.facts, told, caveat) for benefit in self.by_clause.get(policy.key, ())
        )

    def stopped_for(self, told: ToldFacts) -> list[StoppedBenefit]:
        """Return the stopped benefits that these facts do not rule out."""
        return [
            one
            for each in self.stopped.values()
            for one in each
            if judge(one.benefit, self.facts, told).verdict is not BenefitVerdict.NO
        ]

    def fit(self, clause: int, told: ToldFacts) -> Fit:
        """Whether a clause is for a company. General support alone makes no clause fit."""
        results = [judge(benefit, self.facts, told) for benefit in self.by_clause.get(clause, ())]
        if any(self._speaks_for_it(result, told) for result in results):
            return Fit.FITS
        if results and all(result.verdict is BenefitVerdict.NO for result in results):
            return Fit.UNFIT
        return Fit.OPEN

    def fit_of_kept(self, clause: int, raw: Mapping[str, Any]) -> Fit:
        """`fit` by facts as they are kept. Only those are read on which the clause depends."""
        needed = self._needed.get(clause)
        if needed is None:
            needed = self._needed[clause] = self._depends_on(clause)
        return self.fit(clause, self.facts.read_kept({fact: raw[fact] for fact in needed if fact in raw}))

    def _depends_on(self, clause: int) -> frozenset[str]:
        """Return the facts of a clause's conditions, and of the conditions of their questions."""
        named = {
            one.fact for benefit in self.by_clause.get(clause, ()) for one in benefit.comparisons
        } & self.facts.by_id.keys()
        questions = (self.facts.by_id[fact].asked_when for fact in named)
        return frozenset(named).union(
            *((one.fact for one in comparisons(when)) for when in questions if when is not None)
        )

    def fitting(self, clause: int, told: ToldFacts) -> list[Result]:
        """Return the results that make a clause fit a company, likely ones first."""
        results = [judge(benefit, self.facts, told) for benefit in self.by_clause.get(clause, ())]
        found = [result for result in results if self._speaks_for_it(result, told)]
        return sorted(found, key=lambda result: result.verdict is not BenefitVerdict.LIKELY)

    def judge(self, benefit: Benefit, told: ToldFacts) -> Result:
        """Judge one benefit by the told facts."""
        return judge(benefit, self.facts, told)

    def _speaks_for_it(self, result: Result, told: ToldFacts) -> bool:
        if result.benefit.general:
            return False
        return result.verdict is BenefitVerdict.LIKELY or is_shown(result, self.facts, told)


def load_catalogue(
    rules: Mapping[DistrictPart, Any] | None = None, texts: Mapping[int, str] | None = None
) -> Catalogue:
    """Return the catalogue of an installation's rules, by default of those that come with the program.

    Args:
        rules: the rules.
        texts: the published clauses' texts by their numbers, see `Catalogue`.

    Raises:
        policies.library.data_files.DataFileError: they can't be used.
    """
    rules = rules_in() if rules is None else rules
    return Catalogue(load_facts(rules), load_benefits(rules), texts)


def deciding_words(results: Iterable[Result]) -> list[str]:
    """Return the clause's words whose conditions the told facts meet, each once."""
    quotes = (reason.quote for result in results for reason in result.why if reason.met)
    return list(dict.fromkeys(quotes))
