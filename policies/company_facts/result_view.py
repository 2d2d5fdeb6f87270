"""A result as a page shows it: blocks of benefits with words, sums and windows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from policies.company_facts.wording import facts_in_words, is_cap_alone, sum_in_words
from policies.library.library import Library
from policies.matching.asking import GENERIC, is_shown, is_territory
from policies.matching.benefits import INSTRUMENTS
from policies.matching.catalogue import Catalogue
from policies.matching.conditions import ToldFacts
from policies.matching.facts import as_raw
from policies.matching.matching import alternatives
from policies.matching.results import Result


class OpenWindow(Protocol):
    """What a result needs of an application window."""

    @property
    def policy_id(self) -> int:
        """The clause it is for."""

    def is_open(self, day: date) -> bool:
        """Whether it is open on a day."""


@dataclass(frozen=True, slots=True)
class ShownBenefit:
    """One benefit.

    Attributes:
        is_cap: the amount is only the clause's maximum; no sum can be calculated.
        conditions: the clause's words, and whether they are met (None: not told).
        waits_for: labels of the facts that are missing.
        rivals: titles of benefits that cannot be combined with this one.
    """

    key: int
    clause: str
    title: str
    amount: str
    is_cap: bool
    quote: str
    conditions: tuple[tuple[str, bool | None], ...]
    waits_for: tuple[str, ...]
    to_be_checked: tuple[str, ...]
    instrument: str
    caveat: str
    rivals: tuple[str, ...]
    windows: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """The whole result.

    Attributes:
        told: values by label.
        ask_next: ids of the facts to ask for next.
        checked: clause's number and name and a title, of what a change of the clause put out of answers.
    """

    told: dict[str, str]
    likely: list[ShownBenefit]
    maybe: list[ShownBenefit]
    general: list[ShownBenefit]
    ask_next: tuple[str, ...]
    checked: tuple[tuple[int, str, str], ...] = ()


def view_of(
    told: ToldFacts, catalogue: Catalogue, library: Library, windows: Sequence[OpenWindow], today: date
) -> ResultView:
    """Return the result of told facts. What has an open window comes first, then the larger sum."""
    found = catalogue.match(told, library.policies, today)
    maybe = [one for one in found.results if is_shown(one, catalogue.facts, told)]
    rivals = _rivals(found.likely)

    def shown(result: Result) -> ShownBenefit:
        clause = result.benefit.clause
        now_open = tuple(one for one in windows if one.policy_id == clause and one.is_open(today))
        return _shown(result, catalogue, library.name_of(clause), now_open, rivals.get(result.benefit.id, ()))

    most = sorted(found.likely, key=lambda one: -(one.sum.most_cny if one.sum else 0))
    named = {one.benefit.clause for one in found.likely}
    likely = sorted(map(shown, most), key=lambda one: not one.windows)
    return ResultView(
        facts_in_words(catalogue.facts, as_raw(told)),
        likely,
        [shown(one) for one in sorted(maybe, key=lambda one: len(one.missing))],
        [shown(one) for one in found.general if one.benefit.clause not in named],
        found.ask_next,
        tuple(
            (one.benefit.clause, library.name_of(one.benefit.clause), one.benefit.title)
            for one in catalogue.stopped_for(told)
            if library.get(one.benefit.clause)
        ),
    )


def _shown(
    result: Result, catalogue: Catalogue, clause: str, windows: tuple[Any, ...], rivals: tuple[str, ...]
) -> ShownBenefit:
    benefit = result.benefit
    return ShownBenefit(
        key=benefit.clause,
        clause=clause,
        title=benefit.title,
        amount=sum_in_words(result),
        is_cap=is_cap_alone(result),
        quote=benefit.sum.quote if benefit.sum else "",
        conditions=_conditions(result),
        waits_for=tuple(catalogue.facts.by_id[fact].label for fact in result.missing),
        to_be_checked=benefit.conditions_text,
        instrument=INSTRUMENTS.get(benefit.instrument, ""),
        caveat=result.caveat,
        rivals=rivals,
        windows=windows,
    )


def _conditions(result: Result) -> tuple[tuple[str, bool | None], ...]:
    """Return the clause's words, each once, first those of specific facts. They are open if one of their comparisons is open."""
    states: dict[str, list[bool | None]] = {}
    pairs = zip(result.benefit.comparisons, result.why, strict=True)
    for one, reason in sorted(pairs, key=lambda pair: pair[0].fact in GENERIC):
        if not is_territory(one):
            states.setdefault(reason.quote, []).append(reason.met)
    return tuple((quote, None if None in met else all(met)) for quote, met in states.items())


def _rivals(likely: Sequence[Result]) -> dict[str, tuple[str, ...]]:
    return {
        result.benefit.id: tuple(other.benefit.title for other in group if other is not result)
        for group in alternatives(likely)
        for result in group
    }
