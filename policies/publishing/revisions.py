"""One state of a clause as someone left it, and what publishing it did. Values, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from policies.approval.columns import RevisionState
from policies.approval.errors import RevisionError
from policies.library import tables
from policies.library.changes import Kin, PolicyChange, Relation
from policies.library.checking import Fault
from policies.library.document_titles import short_title
from policies.library.library import Library
from policies.library.models import Policy, Surroundings

SURROUNDINGS = 0
"""The highest subject that stands for what surrounds a document's clauses; keys of clauses begin at 1."""

_FAULTS_SHOWN = 10
"""Faults that the sentence of a refusal names."""


class UndecidedError(RevisionError):
    """Something hangs on a clause that goes, and nobody decided what becomes of it."""


class FaultyDraftError(RevisionError):
    """What would be public is refused by `policies.library.checking`.

    Attributes:
        faults: what is wrong, by clause and field.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        shown = "；".join(str(fault) for fault in self.faults[:_FAULTS_SHOWN])
        more = f"；另有 {len(self.faults) - _FAULTS_SHOWN} 处" if len(self.faults) > _FAULTS_SHOWN else ""
        super().__init__(f"未通过核对，不能保存或发布：{shown}{more}")


@dataclass(frozen=True, slots=True)
class Revision:
    """A clause, or what surrounds the clauses of a document, as someone left it.

    Attributes:
        subject: the clause's key; 0 or less for the surroundings of a document.
        number: counts the revisions of one subject from 1.
        content: the clause or the surroundings; for a revision that retires a clause, its last text.
        base_id: the published revision it was made from; None for a new clause.
        edits: counts the saves of a draft; a save must name the count it has seen.
        returned_by: who sent the draft back to its authors; None once it is saved again.
        return_reason: why, in their words.
        import_id: the import that made it.
        kin: the clause that a new one was split from, or that one which goes went into.
    """

    id: int
    subject: int
    number: int
    state: RevisionState
    content: Policy | Surroundings
    retires: bool
    base_id: int | None
    edits: int
    author: str
    note: str
    created_at: datetime
    updated_at: datetime
    publisher: str | None
    published_at: datetime | None
    returned_by: str | None = None
    return_reason: str = ""
    import_id: int | None = None
    kin: Kin | None = None

    @property
    def policy(self) -> Policy | None:
        """Return the clause in this revision; None if it retires the clause or holds surroundings."""
        return self.content if isinstance(self.content, Policy) and not self.retires else None


@dataclass(frozen=True, slots=True)
class Publication:
    """One act of publishing, with the clauses it made new, changed or took away.

    Attributes:
        id: grows with each publication; alerts remember the last one they announced.
    """

    id: int
    publisher: str
    note: str
    published_at: datetime
    changes: tuple[PolicyChange, ...]


def as_revision(row: tables.RevisionRow) -> Revision:
    """Return the value of a row."""
    model: type[Policy | Surroundings] = Surroundings if row.subject <= SURROUNDINGS else Policy
    return Revision(
        id=row.id,
        subject=row.subject,
        number=row.number,
        state=RevisionState(row.state),
        content=model.model_validate(row.data),
        retires=row.retires,
        base_id=row.base_id,
        edits=row.edits,
        author=row.author,
        note=row.note,
        created_at=row.created_at,
        updated_at=row.updated_at,
        publisher=row.publisher,
        published_at=row.published_at,
        returned_by=row.returned_by,
        return_reason=row.return_reason,
        import_id=row.import_id,
        kin=Kin(Relation(row.relation), row.kin) if row.kin is not None else None,
    )


def named(content: Policy | Surroundings, documents: Library) -> str:
    """Return a clause, or the surroundings of a document, in a sentence for operators."""
    if isinstance(content, Policy):
        return documents.name(content)
    return f"《{short_title(content.title)}》的前言与分部"


def change_of(before: Revision | None, after: Revision) -> PolicyChange:
    """Return what changes from one revision of a clause to another."""
    return PolicyChange(after.subject, before.policy if before else None, after.policy, after.kin)
