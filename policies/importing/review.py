"""An import for an operator: compare a document with what is published, then make drafts of the changes."""

from policies.importing import task
from policies.importing.document.errors import DocumentError
from policies.importing.proposal import Proposal
from policies.importing.structure.outline import Structure
from policies.library.changes import changes_between
from policies.library.models import Document
from policies.publishing.drafts import Drafts
from policies.publishing.revisions import Revision, RevisionError
from policies.publishing.store import PolicyStore
from storage.child.running import ChildError, Limits, run_in_child

LIMITS = Limits()


async def review(
    store: PolicyStore, name: str, raw: bytes, structure: Structure = Structure.AUTO, document: str = ""
) -> Proposal:
    """Read a file as changes to a published document, by default the default one; writes nothing.

    The file is read in a process of its own, with limits of memory and time.

    Raises:
        DocumentError: the document can't be read as a library.
        NothingPublishedError: the database has not been seeded.
    """
    library = await store.published()
    published = library.document(document or library.default)
    district = await store.district()
    parameters = task.Parameters(
        name=name,
        known=published,
        document_id=document or "document",
        tracks=district.tracks.tracks,
        departments=district.departments,
        structure=structure,
    )
    try:
        lines = await run_in_child(
            task.NAME, parameters.model_dump_json(), raw, task.Line.model_validate_json, LIMITS
        )
    except ChildError as error:
        raise DocumentError(str(error)) from error
    if lines[0].head is None:
        raise DocumentError(lines[0].refused)
    return _proposal(published, lines[0].head, lines[1:])


async def require_document(store: PolicyStore, document_id: str) -> None:
    """See that an edition has a document to be an edition of; without an id the default one.

    Raises:
        RevisionError: there is none, and the message says what to do.
    """
    library = await store.published()
    if not library.documents:
        raise RevisionError("还没有文件，请先用 policybot documents add FILE --id ID 新增一份")
    if document_id and library.document(document_id) is None:
        known = "、".join(document.id for document in library.documents)
        raise RevisionError(f"没有编号为 {document_id} 的文件；现有：{known}")


def _proposal(published: Document | None, head: task.Head, lines: list[task.Line]) -> Proposal:
    policies = tuple(line.policy for line in lines if line.policy is not None)
    return Proposal(
        document=Document(**dict(head.surroundings), policies=policies),
        changes=changes_between(published.policies if published else (), policies),
        surroundings=head.surroundings if head.surroundings_change else None,
        renumbered=head.renumbered,
        remarks=head.remarks,
        report=head.report.model_copy(update={"clauses": [line.said for line in lines if line.said]}),
    )


async def apply(drafts: Drafts, proposal: Proposal, *, author: str, note: str) -> tuple[Revision, ...]:
    """Make a draft of each change, all or none; what is published stays until someone else publishes them.

    Raises:
        EditConflictError: a clause has another draft already.
    """
    return await drafts.begin_all(proposal.changes, proposal.surroundings, author=author, note=note)
