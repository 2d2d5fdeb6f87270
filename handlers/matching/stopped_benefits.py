"""What is said of clauses whose sums are out of answers, because a change of the text took the words of a benefit away."""

from collections.abc import Collection, Iterable

from handlers.answers.clause import FEEDBACK, clause_block
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.matching.result_text import clause_name
from policies.matching.catalogue import Catalogue
from policies.matching.checking import StoppedBenefit


def clause_instead(intent: str, clause: int, edition: Edition) -> Answer:
    """The clause as it is now, in the place of its sums."""
    head = f"{clause_name(clause, edition)}的条文有修改，条件和金额正在核对，暂不测算，请以条文为准。"
    return Answer.of(intent, "\n\n".join((head, clause_block(clause, edition), FEEDBACK)), (clause,))


def why_stopped(stopped: Iterable[StoppedBenefit]) -> str:
    """What of one clause is not worked out now, and why."""
    return f"“{'”“'.join(one.benefit.title for one in stopped)}”：条文有修改，条件和金额正在核对，暂不测算，请以条文为准。"


def starting_from(facts: Collection[str], catalogue: Catalogue, edition: Edition) -> list[StoppedBenefit]:
    """The stopped benefits of published clauses whose rule starts from one of these facts."""
    return [
        one
        for clause, each in catalogue.stopped.items()
        if edition.index.policy(clause) is not None
        for one in each
        if one.benefit.sum and not set(facts).isdisjoint(one.benefit.sum.facts())
    ]
