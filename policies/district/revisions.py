"""One state of a part as somebody left it. Values, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from policies.approval.columns import RevisionState
from policies.approval.errors import RevisionError
from policies.district.models import MODELS, DistrictPart
from policies.district.tables import DistrictRevision


class FaultyPartError(RevisionError):
    """The part may not be as it was written.

    Attributes:
        faults: what is wrong, a sentence each.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(self.faults))


@dataclass(frozen=True, slots=True)
class PartRevision:
    """A part as somebody saved it.

    Attributes:
        number: counts the revisions of one part from 1.
        edits: counts the saves of a draft; a step with it names the count that was seen.
        authors: who wrote a part of this revision.
        returned_by: who sent the draft back to its authors; None once it is saved again.
    """

    id: int
    part: DistrictPart
    number: int
    state: RevisionState
    content: BaseModel
    edits: int
    authors: tuple[str, ...]
    updated_at: datetime
    publisher: str | None
    published_at: datetime | None
    returned_by: str | None
    return_reason: str


def as_revision(row: DistrictRevision) -> PartRevision:
    """Return the value of a row."""
    part = DistrictPart(row.part)
    return PartRevision(
        id=row.id,
        part=part,
        number=row.number,
        state=RevisionState(row.state),
        content=MODELS[part].model_validate(row.data),
        edits=row.edits,
        authors=tuple(row.authors),
        updated_at=row.updated_at,
        publisher=row.publisher,
        published_at=row.published_at,
        returned_by=row.returned_by,
        return_reason=row.return_reason,
    )
