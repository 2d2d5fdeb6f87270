"""Checks that every quote of the benefits stands in its clause, and that conditions and rules fit the facts. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policies.matching.benefits import Benefit
from policies.matching.conditions import NUMERIC, OF_SEVERAL, Condition, Op, comparisons
from policies.matching.facts import CompanyFact, Facts


def check_benefits(benefits: Sequence[Benefit], facts: Facts, texts: Mapping[int, str]) -> Iterator[str]:
    """Yield what is wrong with benefits and facts, one line of text each.

    Args:
        benefits: what is checked.
        facts: the facts that conditions and sums may name; the conditions of their questions are checked too.
        texts: each clause's text by its number.
    """
    ids = {benefit.id for benefit in benefits}
    if len(ids) != len(benefits):
        yield "a benefit's id stands twice"
    for benefit in benefits:
        for fault in _faults(benefit, facts, texts.get(benefit.clause), ids):
            yield f"{benefit.id}: {fault}"
    for fact in facts.all:
        for one in comparisons(fact.asked_when) if fact.asked_when else ():
            yield from (f"{fact.id}: {fault}" for fault in _misfits(one, facts))


def _faults(benefit: Benefit, facts: Facts, text: str | None, ids: Collection[str]) -> Iterator[str]:
    if text is None:
        yield f"there is no clause {benefit.clause}"
        return
    yield from _bare(benefit, text)
    for term in benefit.conditions:
        for one in comparisons(term):
            yield from _misfits(one, facts)
    for fact in benefit.sum.facts() if benefit.sum else ():
        if fact not in facts.by_id:
            yield f"the sum needs {fact}, which is no fact"
    for other in benefit.excludes:
        if other not in ids:
            yield f"excludes {other}, which does not exist"


def _bare(benefit: Benefit, text: str) -> Iterator[str]:
    """Yield words that the clause does not have, and a benefit that nothing in it decides."""
    if not (benefit.conditions or benefit.draft):
        yield "no condition: every company would be likely to get it"
    for quote in gone_quotes(benefit, text):
        yield f"“{quote}” does not stand in clause {benefit.clause}"


def gone_quotes(benefit: Benefit, text: str) -> tuple[str, ...]:
    """Return the quotes of a benefit that are not in a text of its clause, each once; () if all of them are there."""
    return tuple(dict.fromkeys(quote for quote in _quotes(benefit) if not quote or quote not in text))


@dataclass(frozen=True, slots=True)
class StoppedBenefit:
    """A benefit that is out of every answer, because its clause was changed.

    Attributes:
        gone: its quotes that the clause in force does not have any more.
    """

    benefit: Benefit
    gone: tuple[str, ...]


def stopped_in(benefits: Iterable[Benefit], texts: Mapping[int, str]) -> list[StoppedBenefit]:
    """Return the benefits with a quote that their clause's text does not have.

    Args:
        benefits: what is checked.
        texts: each clause's text by its number; a benefit whose clause has none is not stopped, nobody meets it.
    """
    found = (
        StoppedBenefit(one, gone_quotes(one, texts[one.clause])) for one in benefits if one.clause in texts
    )
    return [one for one in found if one.gone]


def _quotes(benefit: Benefit) -> Iterator[str]:
    for term in benefit.conditions:
        for one in comparisons(term):
            yield one.quote
    yield from benefit.conditions_text
    if benefit.sum is not None:
        yield benefit.sum.quote


def _misfits(condition: Condition, facts: Facts) -> Iterator[str]:
    fact = facts.by_id.get(condition.fact)
    if fact is None:
        yield f"{condition.fact} is no fact"
    elif not _compares(condition.op, fact):
        yield f"{condition.op} does not compare {fact.id}, a {fact.type}"
    elif fact.options and condition.op is not Op.NOT_EMPTY:
        named = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        for option in named:
            if option not in fact.option_ids:
                yield f"{fact.id} has no option {option}"


def _compares(op: Op, fact: CompanyFact) -> bool:
    if fact.type in {"number", "yuan"}:
        return op in NUMERIC
    if fact.type == "multi":
        return op in OF_SEVERAL
    return op is Op.EQUALS or (op is Op.IN and fact.type == "choice")
