"""Tables of what goes out: campaigns, the ledger of deliveries, the scheduler's lease."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base

MESSAGE_ID_LENGTH = 32
"""WeChat's ids of messages are numbers of up to 20 digits so far."""
LONGEST_REASON = 500


class Campaign(Base):
    """One alert or announcement to many; its natural key makes a second one impossible.

    `kind` is a `content.AlertKind`, `status` a `campaign_states.Status`, `content` a `content.Content`, `audience` an
    `audience.Audience`. `reason` says to operators, in Chinese, why it is paused, cancelled or failed.
    `snapshot_state` is none, running or complete; while it runs, members up to `snapshot_after` have their row.
    `pause_told`: operators have been written to about the last pause. `edits` counts the saves of a
    broadcast's text; whoever edits or approves names the count they have seen. After `last_at`, a business
    instant, a broadcast pauses and asks an operator instead of going out late.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        Index(
            "ix_campaigns_open",
            "status",
            sqlite_where=text("status IN ('scheduled', 'sending')"),
            postgresql_where=text("status IN ('scheduled', 'sending')"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    channel: Mapped[str] = mapped_column(String(10), default="auto")
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    window_id: Mapped[int | None] = mapped_column(ForeignKey("windows.id", ondelete="SET NULL"), index=True)
    closes_on: Mapped[date | None]  # nearest first where a day's quota is short
    lead: Mapped[int | None]  # days before the close, of a deadline alert
    send_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    snapshot_state: Mapped[str] = mapped_column(String(10), default="none")
    snapshot_after: Mapped[int] = mapped_column(default=0)
    pause_told: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[str | None] = mapped_column(String(64))
    approved_by: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    edits: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime | None]


class CampaignContribution(Base):
    """A person who wrote or submitted a broadcast. No contributor may approve it."""

    __tablename__ = "campaign_contributions"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]


class CampaignCount(Base):
    """How many rows of a campaign are in a state; moved in the transaction that moves the rows.

    `pending` counts every row not settled yet, claimed and trying ones too.
    """

    __tablename__ = "campaign_counts"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class Delivery(Base):
    """One row of the ledger: one campaign to one member, once.

    `state` is a `row_states.RowState`, `channel` a `channel.Channel`. There are two kinds of time. `next_attempt_at` is a
    business instant (due, quiet hours, digest, a quota's midnight). All other instants of a delivery are real time by
    the database's clock. `lead_id` is the row whose message carries this one (a digest, a mass send).
    `refused` is the way by which the member refused it after WeChat had taken it: only later ways are open.
    What ended in the inbox has that channel, whether its state is inbox or unreachable.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("campaign_id", "member_id"),
        Index(
            "ix_deliveries_due",
            "campaign_id",
            "next_attempt_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_deliveries_doubtful",
            "tried_at",
            sqlite_where=text("state = 'pending' AND tried_at IS NOT NULL"),
            postgresql_where=text("state = 'pending' AND tried_at IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_leased",
            "claimed_until",
            sqlite_where=text("state IN ('claimed', 'trying')"),
            postgresql_where=text("state IN ('claimed', 'trying')"),
        ),
        Index(
            "ix_deliveries_dead",
            "id",
            sqlite_where=text("state IN ('failed', 'unknown')"),
            postgresql_where=text("state IN ('failed', 'unknown')"),
        ),
        Index(
            "ix_deliveries_unread",
            "settled_at",
            sqlite_where=text("(state = 'inbox' OR channel = 'inbox') AND read_at IS NULL"),
            postgresql_where=text("(state = 'inbox' OR channel = 'inbox') AND read_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="pending")
    reason: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str | None] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]  # None where nothing was ever to leave
    retry_at: Mapped[datetime | None]  # back-off
    queued_until: Mapped[datetime | None]  # the sweep leaves it alone so long: it is on the queue
    claimed_by: Mapped[str | None] = mapped_column(String(16))
    claimed_until: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]  # when the first try began whose fate is unknown
    lead_id: Mapped[int | None]
    refused: Mapped[str | None] = mapped_column(String(10))
    errcode: Mapped[int | None]
    message_id: Mapped[str | None] = mapped_column(String(MESSAGE_ID_LENGTH))
    settled_at: Mapped[datetime | None]  # business time
    read_at: Mapped[datetime | None]


class Receipt(Base):
    """A delivery receipt that came before its send's answer was written; matched and deleted by the sweep."""

    __tablename__ = "receipts"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(MESSAGE_ID_LENGTH), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(200))
    came_at: Mapped[datetime]


class ApiHold(Base):
    """An API that WeChat has closed for a while (45009: the day, 45011: the minute); business time.

    It holds while `since` <= now < `until`, so a date set back in the sandbox does not prolong it.
    The table keeps its older name, because processes of an earlier release read it.
    """

    __tablename__ = "closures"

    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    errcode: Mapped[int]


class MassJob(Base):
    """One mass send that WeChat took on: to the rows that follow `lead_id`, or to all (0)."""

    __tablename__ = "mass_jobs"
    __table_args__ = (UniqueConstraint("campaign_id", "lead_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    lead_id: Mapped[int]
    message_id: Mapped[str | None] = mapped_column(String(MESSAGE_ID_LENGTH), index=True)
    status: Mapped[str] = mapped_column(String(12))
    errcode: Mapped[int | None]
    total: Mapped[int | None]
    filtered: Mapped[int | None]
    sent: Mapped[int | None]
    failed: Mapped[int | None]
    sent_at: Mapped[datetime]  # business time: it counts towards the month
    first_tried_at: Mapped[
        datetime | None
    ]  # of a send to all, by the database's clock, as WeChat's memory goes
    tried_at: Mapped[datetime | None]  # the last try, by the same clock
    finished_at: Mapped[datetime | None]


class Lease(Base):
    """Who may tick now; expiry by the database's own time.

    `fence` grows with each new holder; `ticked_on` is the last business day whose alerts have been made,
    `announced` the last publication of clauses that has been announced.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int]
    expires_at: Mapped[datetime]
    ticked_on: Mapped[date | None]
    announced: Mapped[int] = mapped_column(default=0)


class Applied(Base):
    """A member said 已申报 for a window: no more reminders of it."""

    __tablename__ = "applied"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class OperatorNotice(Base):
    """A waiting matter that the operators' group has been told of. The row is deleted when the matter no longer waits."""

    __tablename__ = "operator_notices"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    told_at: Mapped[datetime]
