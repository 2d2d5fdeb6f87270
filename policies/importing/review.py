"""An import as an operator meets it: reviewed against what is published, then made into drafts."""

from policies.departments import load_departments
from policies.drafts import Drafts
from policies.importing.documents import lines_of
from policies.importing.proposal import Proposal, propose
from policies.revisions import Revision
from policies.store import PolicyStore


async def review(store: PolicyStore, name: str, raw: bytes) -> Proposal:
    """Read a document as changes to what is published; writes nothing.

    Raises:
        DocumentError: the document can't be read as a compendium.
        NothingPublishedError: the database has not been seeded.
    """
    published = await store.published()
    tracks = await store.tracks()
    return propose(lines_of(name, raw), published, departments=load_departments(), tracks=tracks.tracks)


async def apply(drafts: Drafts, proposal: Proposal, *, author: str, note: str) -> tuple[Revision, ...]:
    """Make a draft of each change, all or none; what is published stays until someone else publishes them.

    Raises:
        EditConflictError: a clause has another draft already.
    """
    return await drafts.begin_all(proposal.changes, proposal.edition, author=author, note=note)
