"""Which question comes next, until there is a first result and after it. Pure.

The order: what every company is asked (`opening`), what happened this year (`topics`, each opens a few questions),
and after the first result the questions that decide most. An interview about one clause asks only what this clause's
rule and conditions need.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from policies.district.folder import rules_in
from policies.district.models import DistrictPart
from policies.district.rules import read_rules
from policies.library.models import Policy
from policies.matching.asking import GENERIC
from policies.matching.catalogue import Catalogue
from policies.matching.conditions import ToldFacts, comparisons
from policies.matching.facts import Facts
from policies.matching.results import BenefitVerdict

TOPICS = "topics"
"""The question which topics concern the company this year. It is not a fact."""
MORE = 2
"""Questions of a further round."""


class InterviewTopic(BaseModel):
    """Something that happened this year, and the facts to ask for then.

    Attributes:
        of_tracks: asks what is asked of companies of the told tracks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    asks: tuple[str, ...] = ()
    of_tracks: bool = False


class Plan(BaseModel):
    """The plan of an interview, as data.

    Attributes:
        opening: facts that every company is asked for.
        sums: sums in yuan that can be tapped, by fact. "": for any other fact.
        enough: questions after which the first result is shown.
        story: what a company may tell of itself in its own words, as an example; "" for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    opening: tuple[str, ...]
    topics: tuple[InterviewTopic, ...]
    sums: dict[str, tuple[int, ...]]
    enough: int
    story: str = ""


def load_plan(rules: Mapping[DistrictPart, Any] | None = None) -> Plan:
    """Read the plan. Without one, the questions that decide most come first.

    Args:
        rules: the rules of an installation; None: those that come with the program.

    Raises:
        policies.library.data_files.DataFileError: it can't be used.
    """
    found = read_rules(rules_in() if rules is None else rules, DistrictPart.INTERVIEW, Plan)
    return found or Plan(opening=(), topics=(), sums={}, enough=5)


@dataclass(frozen=True, slots=True)
class Progress:
    """What an interview has so far.

    Attributes:
        told: the told facts.
        unsure: facts that the person could not tell; they are not asked again.
        topics: positions of the chosen topics. None: the question has not been answered.
        clause: the clause it is about. None: it is about all clauses.
        asked: how many questions were answered.
        until: a result is shown once so many were answered.
        last: the facts that the last message told.
        trail: the questions that were answered, in their order, so that one can be gone back to.
    """

    told: ToldFacts
    unsure: frozenset[str] = frozenset()
    topics: tuple[int, ...] | None = None
    clause: int | None = None
    asked: int = 0
    until: int = 5
    last: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()


def next_question(
    progress: Progress, plan: Plan, catalogue: Catalogue, policies: Sequence[Policy], today: date
) -> str | None:
    """Return the id of the fact to ask for, or `TOPICS`. None: the result is due."""
    if progress.asked >= progress.until:
        return None
    return next(_questions(progress, plan, catalogue, policies, today), None)


def has_more(
    progress: Progress, plan: Plan, catalogue: Catalogue, policies: Sequence[Policy], today: date
) -> bool:
    """Whether more questions could make the result more exact."""
    return next(_questions(progress, plan, catalogue, policies, today), None) is not None


def _questions(
    progress: Progress, plan: Plan, catalogue: Catalogue, policies: Sequence[Policy], today: date
) -> Iterator[str]:
    done = {*progress.told, *progress.unsure}
    if progress.clause is not None:
        yield from (fact for fact in _of_clause(progress, catalogue) if fact not in done)
        return
    facts = catalogue.facts
    for fact in plan.opening:
        if fact not in done and facts.by_id[fact].is_worth_asking(progress.told):
            yield fact
    if progress.topics is None and GENERIC.issuperset(progress.told):
        yield TOPICS
    chosen = [plan.topics[place] for place in progress.topics or () if place < len(plan.topics)]
    for topic in chosen:
        for fact in (*topic.asks, *(_of_tracks(facts, progress.told) if topic.of_tracks else ())):
            if fact not in done and facts.by_id[fact].is_worth_asking(progress.told):
                yield fact
    for fact in catalogue.match(progress.told, policies, today).ask_next:
        if fact not in done:
            yield fact


def _of_clause(progress: Progress, catalogue: Catalogue) -> Iterator[str]:
    """Yield what a clause's rules start from, then what its conditions wait for."""
    benefits = catalogue.by_clause.get(progress.clause or 0, ())
    judged = (catalogue.judge(benefit, progress.told) for benefit in benefits)
    results = [result for result in judged if result.verdict is not BenefitVerdict.NO]
    for result in results:
        yield from result.benefit.sum.facts() if result.benefit.sum else ()
    yield from dict.fromkeys(fact for result in results for fact in result.missing)


def _of_tracks(facts: Facts, told: ToldFacts) -> Iterator[str]:
    """Yield facts that are asked of companies of the told tracks."""
    for fact in facts.all:
        when = fact.asked_when
        if when is not None and any(one.fact == "tracks" for one in comparisons(when)) and when.holds(told):
            yield fact.id
