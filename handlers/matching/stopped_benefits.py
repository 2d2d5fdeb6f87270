"""Explains why a clause's sums are missing: a change of the text removed the words of a benefit."""

from collections.abc import Collection, Iterable

from handlers.answers.clause import FEEDBACK, clause_block
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.matching.result_text import clause_name
from policies.matching.catalogue import Catalogue
from policies.matching.checking import StoppedBenefit


def clause_instead(intent: str, clause: int, edition: Edition) -> Answer:
    """Show the clause as it is now, instead of its sums."""
    head = f"{clause_name(clause, edition)}的条文有修改，条件和金额正在核对，暂不测算，请以条文为准。"
    return Answer.of(intent, "\n\n".join((head, clause_block(clause, edition), FEEDBACK)), (clause,))


def why_stopped(stopped: Iterable[StoppedBenefit]) -> str:
    """Say which sums of a clause are not calculated now, and why."""
    return f"“{'”“'.join(one.benefit.title for one in stopped)}”：条文有修改，条件和金额正在核对，暂不测算，请以条文为准。"


def starting_from(facts: Collection[str], catalogue: Catalogue, edition: Edition) -> list[StoppedBenefit]:
    """Return the stopped benefits of published clauses whose rule starts from one of these facts."""
    return [
        one
        for clause, each in catalogue.stopped.items()
        if edition.index.policy(clause) is not None
        for one in each
        if one.benefit.sum and not set(facts).isdisjoint(one.benefit.sum.facts())
    ]
