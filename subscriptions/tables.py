"""Tables of members, companies, subscriptions, consents and handoffs. Only `members` contains an openid.

All times are UTC.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base


class Company(Base):
    """An enterprise, identified by its 统一社会信用代码. One that was imported without a code is identified by its name."""

    __tablename__ = "companies"
    __table_args__ = (
        CheckConstraint("uscc IS NOT NULL OR name <> ''", name="known_by_something"),
        CheckConstraint("length(uscc) = 18", name="whole_code"),
        Index(
            "uq_companies_name_without_code",
            "name",
            unique=True,
            sqlite_where=text("uscc IS NULL"),
            postgresql_where=text("uscc IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]


class CompanyTrack(Base):
    """A track of a company. A member who is confirmed for the company is subscribed to its tracks."""

    __tablename__ = "company_tracks"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[str] = mapped_column(ForeignKey("tracks.id"), primary_key=True)


class Member(Base):
    """A person who follows, or followed, the account.

    An id is never used twice (autoincrement), so that a signed link of an erased member cannot open another
    member's page.
    """

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("following = (unfollowed_at IS NULL)", name="left_or_here"),
        CheckConstraint(
            "(company_id IS NULL) = (company_since IS NULL) AND (company_id IS NULL) = (company_as_typed IS NULL)",
            name="bound_wholly",
        ),
        CheckConstraint("company_id IS NOT NULL OR NOT company_confirmed", name="confirmed_is_bound"),
        CheckConstraint("quiet_from BETWEEN 0 AND 1439", name="quiet_from"),
        CheckConstraint("quiet_until BETWEEN 0 AND 1439", name="quiet_until"),
        CheckConstraint("digest IN ('none', 'daily', 'weekly')", name="digest"),
        CheckConstraint("message_left BETWEEN 0 AND 5", name="message_left"),
        CheckConstraint("action_left BETWEEN 0 AND 3", name="action_left"),
        Index(
            "ix_members_unfollowed_at",
            "unfollowed_at",
            sqlite_where=text("unfollowed_at IS NOT NULL"),
            postgresql_where=text("unfollowed_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(String(64), unique=True)
    following: Mapped[bool] = mapped_column(default=True)
    followed_at: Mapped[datetime]
    unfollowed_at: Mapped[datetime | None]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    company_since: Mapped[datetime | None]
    # The name that the member typed. An operator compares it; until the binding is confirmed, the member sees only this.
    company_as_typed: Mapped[str | None] = mapped_column(String(200))
    company_confirmed: Mapped[bool] = mapped_column(default=False)
    # The confirmed company while a claim of another one waits. If the claim is refused, it applies again.
    earlier_company_id: Mapped[int | None]
    earlier_as_typed: Mapped[str | None] = mapped_column(String(200))
    earlier_since: Mapped[datetime | None]
    lead_days: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # None: the default
    quiet_from: Mapped[int] = mapped_column(default=21 * 60)  # minutes after midnight, Asia/Shanghai
    quiet_until: Mapped[int] = mapped_column(default=8 * 60 + 30)
    digest: Mapped[str] = mapped_column(String(10), default="none")  # none, daily, weekly
    general: Mapped[bool] = mapped_column(default=True)  # also wants 通用 clauses
    announcements: Mapped[bool] = mapped_column(default=True)  # also wants 公告
    weekends: Mapped[bool] = mapped_column(default=True)  # messages also on Saturdays and Sundays
    deadlines_only: Mapped[bool] = mapped_column(default=False)  # other reminders wait in the inbox
    paused_until: Mapped[date | None]  # through this day nothing is sent; alerts wait in the inbox
    # Service windows (客服消息): 5 messages in 48 h after a message, 3 in 60 s after a tap, follow or scan.
    message_until: Mapped[datetime | None]
    message_left: Mapped[int] = mapped_column(default=0)
    action_until: Mapped[datetime | None]
    action_left: Mapped[int] = mapped_column(default=0)


class Subscription(Base):
    """A member's subscription to a track."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index("ix_subscriptions_track_id", "track_id", "member_id"),
    )  # recipients, page by page

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[str] = mapped_column(ForeignKey("tracks.id"), primary_key=True)
    since: Mapped[datetime]


class TopicSubscription(Base):
    """A member's subscription to a topic: a clause, a department, a question (`subscriptions.members.topics`).

    `words` is the question as the member typed it.
    """

    __tablename__ = "topic_subscriptions"
    __table_args__ = (
        Index("ix_topic_subscriptions_topic", "topic", "member_id"),
    )  # recipients, page by page

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(120), primary_key=True)
    words: Mapped[str] = mapped_column(String(100), default="")
    since: Mapped[datetime]


class SubscriptionChange(Base):
    """A change of a subscription: who made it, when, and where (chat, page, scan, import, console, company).

    `actor` is `member` or an operator's name; never an openid. The column of `source` keeps its older name (`Handoff`).
    """

    __tablename__ = "subscription_changes"
    __table_args__ = (CheckConstraint("action IN ('subscribed', 'unsubscribed')", name="action"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    track_id: Mapped[str] = mapped_column(ForeignKey("tracks.id"))
    action: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column("way", String(20))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Grant(Base):
    """Sends of one subscription-notification template: granted by the member, spent by us, revoked by them.

    The remaining sends are granted - spent - revoked, and never negative.
    """

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("spent >= 0 AND revoked >= 0 AND spent + revoked <= granted", name="never_overdrawn"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    granted: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    revoked: Mapped[int] = mapped_column(default=0)


class Erasure(Base):
    """A person who asked to be erased. The digest of the openid keeps the nightly sync from adding them again.

    The openid cannot be computed from its digest, because it has about 126 random bits. The row is deleted when
    the person acts themselves: follows again, or sends a command.
    """

    __tablename__ = "erasures"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class Handoff(Base):
    """A conversation handed to an operator (人工). It is open until the operator or the member closes it.

    The table keeps its older name, because processes of an earlier release read it.
    """

    __tablename__ = "hand_overs"
    __table_args__ = (
        Index(
            "uq_hand_overs_open",
            "member_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    opened_at: Mapped[datetime]
    said_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(64), default="")


class HandoffLine(Base):
    """One line of a handoff. `author` is "" for the member, else the operator's name.

    The table and its column keep their older names, as `Handoff` does.
    """

    __tablename__ = "hand_over_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int] = mapped_column(
        "hand_over_id", ForeignKey("hand_overs.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[str] = mapped_column(String(2000))
