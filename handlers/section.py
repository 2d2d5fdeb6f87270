"""All clauses of one part (部分) of the compendium, or of several."""

from cn2an import an2cn

from handlers.answer import Answer
from handlers.context import Context
from handlers.listing import Listing, show
from handlers.registry import Turn
from policies.decision import Decision, Group, Intent


async def answer(decision: Decision, turn: Turn, context: Context) -> Answer:
    """The part's number and title, and its clauses; several parts under a heading each."""
    index = context.knowledge.index
    policies = [policy for number in decision.clauses if (policy := index.policy(number))]
    titles = {section.number: section.title for section in index.compendium.sections}
    parts = [
        Group(
            f"第{an2cn(part)}部分 {titles.get(part, '')}", tuple(p.id for p in policies if p.section == part)
        )
        for part in dict.fromkeys(policy.section for policy in policies)
    ]
    named = parts[0].heading if len(parts) == 1 else "这几个部分"
    listing = Listing(
        Intent.SECTION,
        f"{named}，共{len(decision.clauses)}条：",
        decision.clauses,
        groups=parts if len(parts) > 1 else (),
    )
    return show(listing, turn.session, index)
