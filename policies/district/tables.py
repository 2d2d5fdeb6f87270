"""Table of a district's data: each state in which somebody left a part."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base


class DistrictRevision(Base):
    """A part (tracks, departments, places, texts) as a whole. `state` is a `revisions.State` of this room.

    Of one part at most one revision is a proposal and at most one is in effect.
    """

    __tablename__ = "district_revisions"
    __table_args__ = (
        UniqueConstraint("part", "number"),
        *(
            Index(
                f"uq_district_revisions_{state}",
                "part",
                unique=True,
                sqlite_where=text(f"state = '{state}'"),
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("proposed", "in_effect")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    data: Mapped[Any] = mapped_column(JSON)
    # The revision in effect that it was made from; 0: there was none.
    base_number: Mapped[int] = mapped_column(default=0)
    edits: Mapped[int] = mapped_column(default=1)
    # Everybody who wrote a part of it since the part was last put in effect.
    authors: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(64))
    in_effect_at: Mapped[datetime | None]
