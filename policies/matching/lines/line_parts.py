"""The parts of lines in which conditions and rules are written at the desk: facts and options by their names. Pure."""

import re

from policies.matching.facts import CompanyFact, Facts

BAR = "｜"
_BAR = re.compile(r"[｜|]")


class LineError(ValueError):
    """A line makes no condition or rule; the message says why, in Chinese."""


def parts_of(line: str) -> list[str]:
    """Return the parts between the bars of a line."""
    return [part.strip() for part in _BAR.split(line)]


def fact_named(name: str, facts: Facts) -> CompanyFact:
    """Return the fact with this label or id.

    Raises:
        LineError: there is none.
    """
    found = next((fact for fact in facts.all if name in {fact.label, fact.id}), None)
    if found is None:
        raise LineError(f"没有“{name}”这个事实")
    return found


def option_named(fact: CompanyFact, words: str) -> str:
    """Return the id of the option with this label or id.

    Raises:
        LineError: there is none.
    """
    found = next((one.id for one in fact.options if words in {one.label, one.id}), None)
    if found is None:
        raise LineError(f"“{fact.label}”没有“{words}”这一项")
    return found


def label_of(fact: CompanyFact, option: str) -> str:
    """Return the label of an option."""
    return next((one.label for one in fact.options if one.id == option), option)
