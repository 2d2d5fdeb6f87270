"""All clauses that a department is responsible for. District and city departments are kept apart."""

from dataclasses import replace

from handlers.answers.clarifying_question import ask_which
from handlers.answers.clause import only_clause
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from policies.search.decision import Decision, Intent


def answer(decision: Decision, _text: str, edition: Edition) -> Answer:
    """List all clauses of the department. If the name fits several departments, each has its own heading."""
    if decision.ask:
        return ask_which(decision)
    heading = f"{decision.subject}负责的条款，共{len(decision.clauses)}条："
    if len(decision.clauses) == 1:
        only = only_clause(Intent.DEPARTMENT, heading, decision.clauses[0], edition)
        return replace(only, office=decision.subject)
    groups = decision.groups if len(decision.groups) > 1 else ()
    listing = Listing(Intent.DEPARTMENT, heading, decision.clauses, groups=groups)
    return replace(show(listing, edition.index), office=decision.subject)
