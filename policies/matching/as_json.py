"""Facts, benefits and matches as JSON, the same from the command line and from the API. Pure."""

from typing import Any

from policies.matching.benefits import INSTRUMENTS, Benefit
from policies.matching.facts import CompanyFact
from policies.matching.matching import Match
from policies.matching.results import Result


def fact_as_json(fact: CompanyFact) -> dict[str, Any]:
    """Return a fact with its question, type and options."""
    return fact.model_dump(mode="json", exclude={"asked_when"}, exclude_defaults=True)


def benefit_as_json(benefit: Benefit) -> dict[str, Any]:
    """Return a benefit with its conditions, their words and its rule, in the form of the data file."""
    return benefit.model_dump(mode="json", exclude_unset=True)


def as_json(found: Match) -> dict[str, Any]:
    """Return a match as `policybot match` and the API print it."""
    return {"results": [_result(result) for result in found.results], "ask_next": list(found.ask_next)}


def _result(result: Result) -> dict[str, Any]:
    benefit = result.benefit
    line: dict[str, Any] = {
        "clause": benefit.clause,
        "benefit": benefit.letter,
        "title": benefit.title,
        "verdict": result.verdict.value,
        "missing": list(result.missing),
        "why": [{"quote": reason.quote, "met": reason.met} for reason in result.why],
        "sum": result.sum and result.sum._asdict(),
    }
    if benefit.general:
        line["general"] = True
    if benefit.conditions_text:
        line["to_be_checked"] = "还须审核：" + "；".join(benefit.conditions_text)
    if benefit.instrument in INSTRUMENTS:
        line["instrument"] = INSTRUMENTS[benefit.instrument]
    if benefit.excludes:
        line["excludes"] = [_letter(benefit, other) for other in benefit.excludes]
    if result.caveat:
        line["caveat"] = result.caveat
    return line


def _letter(benefit: Benefit, other: str) -> str:
    return other.removeprefix(str(benefit.clause))
