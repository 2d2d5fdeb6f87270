"""All clauses of one part (部分) of the compendium, or of several."""

from cn2an import an2cn

from handlers.answer import Answer
from handlers.context import Context
from handlers.listing import Listing, show
from handlers.registry import Turn
from policies.decision import Decision, Intent


async def answer(decision: Decision, turn: Turn, context: Context) -> Answer:
    """The part's number and title, and its clauses; several parts under a heading each."""
    index = context.knowledge.index
    first = index.policy(decision.clauses[0])
    named = (
        f"第{an2cn(first.section)}部分 {decision.subject}"
        if first and not decision.groups
        else decision.subject
    )
    heading = f"{named}，共{len(decision.clauses)}条："
    listing = Listing(Intent.SECTION, heading, decision.clauses, groups=decision.groups)
    return show(listing, turn.session, index)
