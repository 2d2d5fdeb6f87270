"""One state of a part as somebody left it, and why a step with it is refused. Values, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from policies.district.models import MODELS, Part
from policies.district.tables import DistrictRevision


class State(StrEnum):
    """Where a revision stands in its life."""

    PROPOSED = "proposed"
    IN_EFFECT = "in_effect"
    REPLACED = "replaced"
    DISCARDED = "discarded"


class DistrictError(Exception):
    """The step is not possible. The message says why, in Chinese, for an operator."""


class ChangedMeanwhileError(DistrictError):
    """Somebody else changed, approved or discarded the same part meanwhile."""

    def __init__(self) -> None:
        super().__init__("这部分在此期间已被他人修改，请核对后再试")


class OwnProposalError(DistrictError):
    """The one who approves wrote a part of it."""

    def __init__(self) -> None:
        super().__init__("有您本人的修改，须由另一位同事审批后生效")


class OutdatedProposalError(DistrictError):
    """Another state of the part was put in effect since the proposal was begun; approving it would undo that."""

    def __init__(self) -> None:
        super().__init__("这份修改之后已有新的内容生效，请放弃后重新修改")


class FaultyPartError(DistrictError):
    """The part may not be as it was written.

    Attributes:
        faults: what is wrong, a sentence each.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(self.faults))


@dataclass(frozen=True, slots=True)
class Revision:
    """A part as somebody left it.

    Attributes:
        number: counts the revisions of one part from 1.
        edits: counts the saves of a proposal; a step with it names the count that was seen.
        authors: who wrote a part of it since the part was last put in effect.
    """

    id: int
    part: Part
    number: int
    state: State
    content: BaseModel
    edits: int
    authors: tuple[str, ...]
    updated_at: datetime
    approved_by: str | None
    in_effect_at: datetime | None


def as_revision(row: DistrictRevision) -> Revision:
    """The value of a row."""
    part = Part(row.part)
    return Revision(
        id=row.id,
        part=part,
        number=row.number,
        state=State(row.state),
        content=MODELS[part].model_validate(row.data),
        edits=row.edits,
        authors=tuple(row.authors),
        updated_at=row.updated_at,
        approved_by=row.approved_by,
        in_effect_at=row.in_effect_at,
    )
