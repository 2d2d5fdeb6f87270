"""Tables of guides: each state that someone left, who wrote a part of it, and a version to poll."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from policies.approval.columns import DraftColumns, one_at_a_time
from storage.sql.base import Base


class GuideState(Base):
    """One row: how often the published guides have changed. Every process reads it twice a second."""

    __tablename__ = "guide_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class GuideRevision(DraftColumns, Base):
    """The guide of a clause as someone left it.

    Of one clause at most one revision is a draft and at most one is published.
    """

    __tablename__ = "guide_revisions"
    __table_args__ = one_at_a_time("guide_revisions", "clause_key")

    clause_key: Mapped[int]


class GuideContribution(Base):
    """A person who wrote a part of a guide's revision. Rows are only added."""

    __tablename__ = "guide_contributions"

    revision_id: Mapped[int] = mapped_column(
        ForeignKey("guide_revisions.id", ondelete="CASCADE"), primary_key=True
    )
    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
