"""All clauses of one part (部分) of the compendium, or of several."""

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from policies.search.decision import Decision, Group, Intent
from policies.search.reading.numerals import in_chinese


def answer(decision: Decision, _text: str, edition: Edition) -> Answer:
    """Number and title of the part, and its clauses. If several parts are named, each has its own heading."""
    index = edition.index
    policies = [policy for number in decision.clauses if (policy := index.policy(number))]
    titles = {section.number: section.title for section in index.compendium.sections}
    parts = [
        Group(
            f"第{in_chinese(part)}部分 {titles.get(part, '')}",
            tuple(p.id for p in policies if p.section == part),
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
    return show(listing, index)
