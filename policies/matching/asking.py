"""Which maybes are shown to a person, and which questions are asked next. Pure."""

from collections import Counter
from collections.abc import Callable, Collection
from functools import cache

from policies.matching.conditions import Condition, ToldFacts, comparisons
from policies.matching.facts import Facts
from policies.matching.results import BenefitVerdict, Result

HOLDER, PLACE = "is_holder", "place"
GENERIC = frozenset({PLACE, "org_kind", "ownership", "tracks", HOLDER})
"""Facts that hold for too many companies to be a reason for a benefit by themselves."""
MOST_MISSING = 2
"""The most facts that a maybe may wait for, if it is shown to a person."""
MOST_ASKED = 3


def is_shown(result: Result, facts: Facts, told: ToldFacts) -> bool:
    """Whether a maybe is shown to a person: a specific told fact speaks for it, and at most `MOST_MISSING` facts are missing."""
    return _is_shown(result, lambda fact: _leads_to(facts, fact, told))


def _is_shown(result: Result, leads: Callable[[str], bool]) -> bool:
    if (
        result.verdict is not BenefitVerdict.MAYBE
        or result.benefit.general
        or len(result.missing) > MOST_MISSING
    ):
        return False
    return _speaks(result) or any(map(leads, result.missing))


def is_territory(one: Condition) -> bool:
    """Whether a comparison only says whose territory a benefit is for: its quote names the issuer, and decides nothing else."""
    return one.fact == PLACE and one.unknown_ok


def ask_next(results: Collection[Result], facts: Facts, told: ToldFacts) -> tuple[str, ...]:
    """The questions that decide most, at most `MOST_ASKED`.

    A question counts for the maybes that are shown, and for those that only holders get and that wait for it alone.
    Where one benefit waits for two questions, each counts half. First come questions that a benefit waits for alone, where
    a specific told fact meets another condition: it is nearest to being had. Of questions that decide as many, first comes the
    one that decides more benefits besides, then one for a maybe that is shown, then the order of the questions.
    """
    decides: Counter[str] = Counter()
    besides: Counter[str] = Counter()
    of_shown: set[str] = set()
    nearest: set[str] = set()
    leads = cache(lambda fact: _leads_to(facts, fact, told))  # many benefits wait for the same facts
    is_worth_asking = cache(lambda fact: facts.by_id[fact].is_worth_asking(told))
    for result in results:
        if (
            result.verdict is not BenefitVerdict.MAYBE
            or result.benefit.general
            or len(result.missing) > MOST_MISSING
        ):
            continue
        shown = _is_shown(result, leads)
        alone = len(result.missing) == 1
        for fact in result.missing if shown or alone else ():
            besides[fact] += alone
            of_shown.update((fact,) if shown else ())
            nearest.update((fact,) if shown and alone and _speaks(result) else ())
            if (shown or _is_for_holders(result, facts)) and is_worth_asking(fact):
                decides[fact] += MOST_MISSING // len(result.missing)
    ranked = sorted(
        decides,
        key=lambda fact: (
            fact not in nearest,
            -decides[fact],
            -besides[fact],
            fact not in of_shown,
            facts.order[fact],
        ),
    )
    return tuple(ranked[:MOST_ASKED])


def _is_for_holders(result: Result, facts: Facts) -> bool:
    """Whether a told holder's title speaks for it, and its one question was made for companies like this one."""
    return (
        result.told.get(HOLDER) is True
        and facts.by_id[result.missing[0]].asked_when is not None
        and any(one.fact == HOLDER and one.holds(result.told) for one in result.benefit.comparisons)
    )


def _speaks(result: Result) -> bool:
    told, benefit = result.told, result.benefit
    for fact, *_ in benefit.plain:
        # every told comparison of a maybe is met, apart from those inside any-of
        if fact not in GENERIC and fact in told:
            return True
    return any(
        one.fact in told and one.fact not in GENERIC and one.holds(told) is True
        for term in benefit.composed
        for one in comparisons(term)
    )


def _leads_to(facts: Facts, fact: str, told: ToldFacts) -> bool:
    """Whether a specific told fact makes the question worth asking."""
    when = facts.by_id[fact].asked_when
    return (
        when is not None
        and when.holds(told) is True
        and any(one.fact not in GENERIC and one.fact in told for one in comparisons(when))
    )
