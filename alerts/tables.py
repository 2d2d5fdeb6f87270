"""Tables of what goes out: campaigns, the ledger of deliveries, the scheduler's lease, the global stop."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Campaign(Base):
    """One alert or announcement to many; its natural key makes a second one impossible.

    `kind` is a `content.Kind`, `status` a `campaigns.Status`, `content` a `content.Content`, `audience` an
    `audience.Audience`. `reason` says to operators, in Chinese, why it is paused, cancelled or failed.
    `snapshot_state` is none, running or complete; while it runs, members up to `snapshot_after` have their row.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        Index(
            "ix_campaigns_open",
            "status",
            sqlite_where=text("status IN ('scheduled', 'sending')"),
            postgresql_where=text("status IN ('scheduled', 'sending')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    channel: Mapped[str] = mapped_column(String(10), default="auto")
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(500))
    window_id: Mapped[int | None] = mapped_column(ForeignKey("windows.id", ondelete="SET NULL"), index=True)
    closes_on: Mapped[date | None]  # nearest first where a day's quota is short
    lead: Mapped[int | None]  # days before the close, of a deadline alert
    send_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    snapshot_state: Mapped[str] = mapped_column(String(10), default="none")
    snapshot_after: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[str | None] = mapped_column(String(64))
    approved_by: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CampaignCount(Base):
    """How many rows of a campaign are in a state; moved in the transaction that moves the rows.

    `pending` counts every row not settled yet, claimed and trying ones too.
    """

    __tablename__ = "campaign_counts"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class Delivery(Base):
    """One row of the ledger: one campaign to one member, once."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("campaign_id", "member_id"),
        Index(
            "ix_deliveries_due",
            "next_attempt_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    # pending, claimed, trying, then settled: sent, delivered, accepted, inbox, failed, skipped, unreachable, unknown
    state: Mapped[str] = mapped_column(String(12), default="pending")
    reason: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str | None] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    errcode: Mapped[int | None]
    message_id: Mapped[str | None] = mapped_column(String(32), index=True)
    settled_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class Lease(Base):
    """Who may tick now; expiry by the database's own time.

    `fence` grows with each new holder; `ticked_on` is the last business day whose alerts have been made.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int]
    expires_at: Mapped[datetime]
    ticked_on: Mapped[date | None]


class Applied(Base):
    """A member said 已申报 for a window: no more reminders of it."""

    __tablename__ = "applied"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class Switch(Base):
    """A switch that holds for every process, such as the global stop of everything outgoing."""

    __tablename__ = "switches"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]
