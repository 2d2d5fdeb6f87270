"""Compares a file with what is published, in a process of its own; writes nothing."""

from pydantic import BaseModel

from policies.approval.errors import RevisionError
from policies.importing import task
from policies.importing.document.errors import DocumentError
from policies.importing.pairing.pairs import NO_CHOICES, Choices
from policies.importing.proposal.propose import Proposal
from policies.importing.proposal.report import ReportedClause
from policies.importing.structure.outline import Structure
from policies.library.changes import changes_between
from policies.library.models import Document, Policy
from policies.publishing.store import PolicyStore
from storage.child.running import ChildError, Limits, run_in_child

LIMITS = Limits()


class FileReading(BaseModel):
    """A file as it was read and compared, in a form that can be kept.

    Attributes:
        clauses: what the report says of each clause. It is empty in a kept reading, because the policies hold the same.
    """

    head: task.Head
    policies: tuple[Policy, ...]
    clauses: tuple[ReportedClause, ...] = ()

    def against(self, published: Document | None) -> Proposal:
        """Return what an import would make of the document that it was compared with."""
        head = self.head
        return Proposal(
            document=Document(
                **dict(head.surroundings),
                policies=self.policies,
                short_name=published.short_name if published else "",
            ),
            changes=changes_between(published.policies if published else (), self.policies, head.kin),
            surroundings=head.surroundings if head.surroundings_change else None,
            renumbered=head.renumbered,
            kin=head.kin,
            remarks=head.remarks,
            report=head.report.model_copy(update={"clauses": list(self.clauses)}),
        )


async def read_edition(
    store: PolicyStore,
    name: str,
    raw: bytes,
    published: Document | None,
    *,
    document_id: str = "document",
    structure: Structure = Structure.AUTO,
    choices: Choices = NO_CHOICES,
) -> FileReading:
    """Read a file as changes to a published document. None: read it as a new document with that id.

    A separate process reads the file, with limits of memory and time.

    Raises:
        DocumentError: the document can't be read as a library.
    """
    district = await store.district()
    parameters = task.Parameters(
        name=name,
        known=published,
        document_id=document_id,
        tracks=district.tracks.tracks,
        departments=district.departments,
        structure=structure,
        origins=dict(choices.origins),
        endings=dict(choices.endings),
    )
    try:
        lines = await run_in_child(
            task.NAME, parameters.model_dump_json(), raw, task.OutputLine.model_validate_json, LIMITS
        )
    except ChildError as error:
        raise DocumentError(str(error)) from error
    if lines[0].head is None:
        raise DocumentError(lines[0].refused)
    return FileReading(
        head=lines[0].head,
        policies=tuple(line.policy for line in lines if line.policy is not None),
        clauses=tuple(line.said for line in lines if line.said is not None),
    )


async def review(
    store: PolicyStore, name: str, raw: bytes, structure: Structure = Structure.AUTO, document: str = ""
) -> Proposal:
    """Read a file as changes to a published document, by default the default one.

    Raises:
        DocumentError: the document can't be read as a library.
        NothingPublishedError: the database has not been seeded.
    """
    library = await store.published()
    published = library.document(document or library.default)
    reading = await read_edition(
        store, name, raw, published, document_id=document or "document", structure=structure
    )
    return reading.against(published)


async def require_document(store: PolicyStore, document_id: str) -> None:
    """Check that the document of an edition exists; without an id, the default one.

    Raises:
        RevisionError: there is no such document. The message says what to do.
    """
    library = await store.published()
    if not library.documents:
        raise RevisionError(
            "还没有文件，请作为新的一份文件导入（命令行：policybot documents add FILE --id ID）"
        )
    if document_id and library.document(document_id) is None:
        known = "、".join(document.id for document in library.documents)
        raise RevisionError(f"没有编号为 {document_id} 的文件；现有：{known}")
