"""All clauses of one part (部分) of a document, or of several."""

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from policies.library.library import Library
from policies.numbers.written import in_chinese
from policies.search.decision import Decision, Group, Intent


def answer(decision: Decision, _text: str, edition: Edition) -> Answer:
    """Show number and title of the part, and its clauses. If several parts are named, each has its own heading."""
    index = edition.index
    policies = [policy for key in decision.clauses if (policy := index.policy(key))]
    parts = [
        Group(
            _heading(index.library, document, part),
            tuple(p.key for p in policies if (p.document, p.section) == (document, part)),
        )
        for document, part in dict.fromkeys((policy.document, policy.section) for policy in policies)
    ]
    named = parts[0].heading if len(parts) == 1 else "这几个部分"
    listing = Listing(
        Intent.SECTION,
        f"{named}，共{len(decision.clauses)}条：",
        decision.clauses,
        groups=parts if len(parts) > 1 else (),
    )
    return show(listing, index)


def _heading(library: Library, document_id: str, part: int) -> str:
    document = library.document(document_id)
    titles = {section.number: section.title for section in document.sections} if document else {}
    return f"{library.document_name(document_id)}第{in_chinese(part)}部分 {titles.get(part, '')}"
