"""All clauses of one part (部分) of the compendium."""

from handlers.answer import Answer
from handlers.context import Context
from handlers.listing import Listing, show
from handlers.registry import Turn
from policies.decision import Decision, Intent


async def answer(decision: Decision, turn: Turn, context: Context) -> Answer:
    """The part's heading and its clauses."""
    heading = f"{decision.subject}，共{len(decision.clauses)}条："
    listing = Listing(Intent.SECTION, heading, decision.clauses, groups=decision.groups)
    return show(listing, turn.session, context.knowledge.index)
