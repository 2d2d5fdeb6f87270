"""Says in half a line which clauses newly told facts fit: 对应 第24条…：1000万元. It promises nothing."""

from collections.abc import Collection, Iterator

from handlers.framework.edition import Edition
from handlers.matching.result_text import clause_tap
from policies.company_facts.wording import sum_in_words
from policies.matching.asking import GENERIC
from policies.matching.catalogue import Catalogue
from policies.matching.conditions import ToldFacts
from policies.matching.results import BenefitVerdict, Result

_BENEFITS_SHOWN = 3


def brought(
    news: Collection[str], told: ToldFacts, catalogue: Catalogue, edition: Edition
) -> tuple[Result, ...]:
    """Return the benefits that the new facts fit, at most three, first those with a sum.

    Args:
        news: ids of the facts that are new or changed. Facts of too many companies are ignored.
        told: all that is told.
        catalogue: the benefits.
        edition: what is published.
    """
    found = list(_spoken_for(frozenset(news) - GENERIC, told, catalogue, edition))
    return tuple(sorted(found, key=lambda result: not sum_in_words(result))[:_BENEFITS_SHOWN])


def _spoken_for(
    news: frozenset[str], told: ToldFacts, catalogue: Catalogue, edition: Edition
) -> Iterator[Result]:
    for benefit in catalogue.benefits if news else ():
        if benefit.general or benefit.draft or edition.index.policy(benefit.clause) is None:
            continue
        speaks = any(
            one.fact in news and not one.unknown_ok and one.holds(told) for one in benefit.comparisons
        )
        result = catalogue.judge(benefit, told) if speaks else None
        if result is not None and result.verdict is not BenefitVerdict.NO:
            yield result


def lines_of(results: Collection[Result], edition: Edition) -> list[str]:
    """Return a line for each: its clause, title and sum, in the clause's words."""
    lines = []
    for result in results:
        amount = sum_in_words(result)
        what = f"{clause_tap(result.benefit.clause, edition)} {result.benefit.title}"
        lines.append(f"→ 对应{what}{f'：{amount}' if amount else ''}")
    return [*lines, "是否符合以主管部门审定为准。"] if lines else []
