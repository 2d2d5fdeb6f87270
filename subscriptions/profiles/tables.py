"""Tables of the facts that members told of their company. They hold no openid and no name."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base


class CompanyProfile(Base):
    """Facts by id, of one member or of one company.

    The confirmed members of a company share the company's row; anybody else has a row of their own.
    """

    __tablename__ = "company_profiles"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (company_id IS NULL)", name="one_owner"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), unique=True)
    company_id: Mapped[int | None] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), unique=True
    )
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class ProfileConsent(Base):
    """A member's consent to keep facts of their company. Without it nothing is kept for them, nor shown to them.

    `alerts`: what fits the profile is told although no track was followed, and what plainly does not fit is not.
    """

    __tablename__ = "profile_consents"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    given_at: Mapped[datetime]
    alerts: Mapped[bool] = mapped_column(default=False)
