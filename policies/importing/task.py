"""Reads a document in the child process: bytes in, lines of JSON out. Pure."""

from collections.abc import Iterator

from pydantic import BaseModel

from policies.importing.document.errors import DocumentError
from policies.importing.files.documents import read_document
from policies.importing.pairing.pairs import Choices
from policies.importing.proposal.propose import propose
from policies.importing.proposal.report import DocumentReport, ReportedClause
from policies.importing.structure.outline import Structure
from policies.library.changes import Kin
from policies.library.models import Department, Document, Policy, Surroundings, Track

NAME = f"{__name__}:proposal_lines"
"""How `run_in_child` finds the task."""


class Parameters(BaseModel):
    """What the child has to know besides the file."""

    name: str
    known: Document | None
    document_id: str
    tracks: tuple[Track, ...]
    departments: tuple[Department, ...] = ()
    structure: Structure = Structure.AUTO
    origins: dict[str, str | None] = {}
    endings: dict[str, str | None] = {}
    """What an operator corrected of the pairs (`pairing.pairs.Choices`)."""


class Head(BaseModel):
    """All of a proposal but its clauses."""

    surroundings: Surroundings
    surroundings_change: bool
    renumbered: tuple[tuple[str, str], ...]
    kin: dict[int, Kin]
    remarks: tuple[str, ...]
    report: DocumentReport
    """Without its clauses, which follow one by one."""


class OutputLine(BaseModel):
    """One line of the output: an error, or the proposal without its clauses, or the next clause."""

    refused: str = ""
    head: Head | None = None
    policy: Policy | None = None
    said: ReportedClause | None = None


def proposal_lines(parameters: str, raw: bytes) -> Iterator[str]:
    """Read a document as changes to what is known."""
    asked = Parameters.model_validate_json(parameters)
    try:
        proposal = propose(
            read_document(asked.name, raw),
            asked.known,
            document_id=asked.document_id,
            structure=asked.structure,
            departments=asked.departments,
            tracks=asked.tracks,
            choices=Choices(asked.origins, asked.endings),
        )
    except DocumentError as error:
        yield OutputLine(refused=str(error)).model_dump_json()
        return
    head = Head(
        surroundings=proposal.document.surroundings,
        surroundings_change=proposal.surroundings is not None,
        renumbered=proposal.renumbered,
        kin=dict(proposal.kin),
        remarks=proposal.remarks,
        report=proposal.report.model_copy(update={"clauses": []}),
    )
    yield OutputLine(head=head).model_dump_json()
    for policy, said in zip(proposal.document.policies, proposal.report.clauses, strict=True):
        yield OutputLine(policy=policy, said=said).model_dump_json()
