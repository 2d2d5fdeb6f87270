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
    """Whether a comparison only says which territory a benefit is for. Its quote names the issuer and decides nothing else."""
    return one.fact == PLACE and one.unknown_ok


def ask_next(results: Collection[Result], facts: Facts, told: ToldFacts) -> tuple[str, ...]:
    """Return the questions that decide most, at most `MOST_ASKED`.

    A question counts for each undecided benefit that is shown, and for each that is only for holders of a title and
    lacks this one answer. If a benefit lacks two answers, each counts half. The questions are sorted by these keys:
    1. It is the only missing answer of a shown benefit, and a specific told fact meets a condition of that benefit.
    2. It decides more benefits, counted as above.
    3. It is the only missing answer of more benefits.
    4. A shown benefit lacks it.
    5. The order of the questions.
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
    """Whether a holder of a title told it, the benefit needs it, and the missing fact is asked only of some companies."""
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
