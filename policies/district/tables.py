"""Table of a district's data: each state in which somebody left a part."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, String
from sqlalchemy.orm import Mapped, mapped_column

from policies.approval.columns import DraftColumns, RevisionState, one_at_a_time
from storage.sql.base import Base

_STATES = {RevisionState.DRAFT: "proposed", RevisionState.PUBLISHED: "in_effect"}
"""The words of this table, if they differ from `RevisionState`."""


def _kept(_states: Any) -> list[str]:
    return [_STATES.get(state, state.value) for state in RevisionState]


class DistrictRevision(DraftColumns, Base):
    """A part (tracks, departments, places, texts, benefits) as a whole.

    Of one part at most one revision is a draft and at most one is in effect. `authors` wrote a part of this revision.
    `base_number` is no longer used. The release before reads it: of 0 it approves nothing, so while processes of both
    releases run, only the new ones approve what the new ones took in.
    """

    __tablename__ = "district_revisions"
    __table_args__ = one_at_a_time("district_revisions", "part", ("proposed", "in_effect"))

    part: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(
        Enum(RevisionState, native_enum=False, length=10, values_callable=_kept)
    )
    base_number: Mapped[int] = mapped_column(default=0)
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    publisher: Mapped[str | None] = mapped_column("approved_by", String(64))
    published_at: Mapped[datetime | None] = mapped_column("in_effect_at")
