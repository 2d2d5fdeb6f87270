"""Tables of the operators' desk: operators, testers, API keys, the audit log, remembered API answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base


class Operator(Base):
    """A person who signs in at the desk."""

    __tablename__ = "operators"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str] = mapped_column(String(200))
    # The seed of one-time codes, sealed with a key from the secret key (`console.access.one_time_codes`).
    totp_secret: Mapped[str | None] = mapped_column(String(255))
    # The time step of the last accepted code: a code is accepted once.
    totp_step: Mapped[int | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    # Raised when the password or the role changes: sessions of an older stamp are over.
    stamp: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code that stands in for a one-time code, once; only its hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Tester(Base):
    """A member whom an admin lets get tests of broadcasts."""

    __tablename__ = "testers"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(40))
    named_by: Mapped[str] = mapped_column(String(80))
    named_at: Mapped[datetime]


class ApiKey(Base):
    """A program's key; only its hash is kept."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(10))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # The operator who made it and saw it: what it writes and approves counts as theirs.
    owner: Mapped[str | None] = mapped_column(String(64))


class AuditEntry(Base):
    """Who changed what, from what, to what. Rows are added and never changed."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(64))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class RememberedAnswer(Base):
    """The first answer under an `Idempotency-Key`; the same request under the same key gets it again."""

    __tablename__ = "remembered_answers"

    api_key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(index=True)
