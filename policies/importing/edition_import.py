"""An import of an edition as it stands: what was read, what an operator corrected and decided. Values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from policies.importing.pairing.pairs import Choices
from policies.importing.proposal.propose import Proposal
from policies.importing.structure.outline import Structure
from policies.library.changes import ChangeKind, Kin, PolicyChange, Relation
from policies.library.library import Library
from policies.library.models import Document

REPLACEMENT = "clause"
"""One of the decisions on a clause that goes: the clause that replaces it, as subscribers are told."""

Fates = Mapping[int, Mapping[str, str | None]]
"""Which new clause (by its label or path) gets the things of a clause that goes. None: the things end.

The key is the key of the old clause and the name of a `Belongings` (or `REPLACEMENT`).
"""


class ImportState(StrEnum):
    """Where an import stands."""

    OPEN = "open"
    """Compared; nothing is made of it."""
    DRAFTED = "drafted"
    """Its drafts are made; each goes its own way from there."""
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class EditionImport:
    """The present state of an import.

    Attributes:
        document: id of the document that it is an edition of.
        before: that document as it is published; None if it is not published.
        proposal: what the import would make of it.
        choices: what the operator corrected of the pairs.
        fates: what happens to the things that belong to clauses that go.
        edits: counts the changes of it; a change must name the count it has seen.
    """

    id: int
    document: str
    file_name: str
    structure: Structure
    state: ImportState
    before: Document | None
    proposal: Proposal
    choices: Choices
    fates: Fates
    edits: int
    author: str
    created_at: datetime

    @property
    def changes(self) -> tuple[PolicyChange, ...]:
        """Return what it changes, with the clauses that replace those that go."""
        news = {one.path or one.label: one.key for one in self.proposal.document.policies}
        found = []
        for change in self.proposal.changes:
            replacement = news.get(self.fates.get(change.key, {}).get(REPLACEMENT) or "")
            told = change.kind is ChangeKind.GONE and change.kin is None and replacement is not None
            found.append(
                replace(change, kin=Kin(Relation.REPLACED, replacement)) if told and replacement else change
            )
        return tuple(found)

    def within(self, library: Library) -> Library:
        """Return the library as it would be with this edition."""
        documents = [
            self.proposal.document if document.id == self.document else document
            for document in library.documents
        ]
        new = [] if library.document(self.document) else [self.proposal.document]
        return Library.of([*documents, *new], library.default)

    @property
    def leaving(self) -> tuple[int, ...]:
        """Keys of the clauses that go."""
        return tuple(change.key for change in self.proposal.changes if change.after is None)


@dataclass(frozen=True, slots=True)
class WaitingImport:
    """An import in a list.

    Attributes:
        has_drafts: whether drafts were made of it; else it was only read.
    """

    id: int
    file_name: str
    author: str
    created_at: datetime
    has_drafts: bool
