"""Tables of guides: each state that someone left, who wrote a part of it, and a version to poll."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base


class GuideState(Base):
    """One row: how often the published guides have changed. Every process reads it twice a second."""

    __tablename__ = "guide_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class GuideRevision(Base):
    """The guide of a clause as someone left it. `state` is a `policies.publishing.revisions.State`.

    Of one clause at most one revision is a draft and at most one is published.
    """

    __tablename__ = "guide_revisions"
    __table_args__ = (
        UniqueConstraint("clause_key", "number"),
        *(
            Index(
                f"uq_guide_revisions_{state}",
                "clause_key",
                unique=True,
                sqlite_where=text(f"state = '{state}'"),
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("draft", "published")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clause_key: Mapped[int]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    edits: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    publisher: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None]
    # A draft that was sent back to its authors: nobody publishes it before it is saved again.
    returned_by: Mapped[str | None] = mapped_column(String(64))
    return_reason: Mapped[str] = mapped_column(String(500), default="")


class GuideContribution(Base):
    """A person who wrote a part of a guide's revision. Rows are only added."""

    __tablename__ = "guide_contributions"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("guide_revisions.id", ondelete="CASCADE"), primary_key=True
    )
    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
