"""Tables of who wants what. `members` is the one table that holds an openid."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base


class Company(Base):
    """An enterprise, known by its 统一社会信用代码; one that an operator imported without a code, by its name."""

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
    """A track a company follows; what a newly confirmed member begins from."""

    __tablename__ = "company_tracks"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[str] = mapped_column(ForeignKey("tracks.id"), primary_key=True)


class Member(Base):
    """A person who follows, or followed, the account.

    Ids are never given out twice (autoincrement): a signed link made for an erased member must not
    open another's page.
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
    # What this member called the company when binding it: an operator compares, and until then they see no other.
    company_as_typed: Mapped[str | None] = mapped_column(String(200))
    company_confirmed: Mapped[bool] = mapped_column(default=False)
    # A confirmed company, while a claim of another waits: it holds again where the claim is refused.
    earlier_company_id: Mapped[int | None]
    earlier_as_typed: Mapped[str | None] = mapped_column(String(200))
    earlier_since: Mapped[datetime | None]
    lead_days: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # None: the default
    quiet_from: Mapped[int] = mapped_column(default=21 * 60)  # minutes after midnight, Asia/Shanghai
    quiet_until: Mapped[int] = mapped_column(default=8 * 60 + 30)
    digest: Mapped[str] = mapped_column(String(10), default="none")  # none, daily, weekly
    general: Mapped[bool] = mapped_column(default=True)  # wants 通用 clauses too
    announcements: Mapped[bool] = mapped_column(default=True)  # wants 公告 too
    # What WeChat lets us send unasked (客服消息): 5 in 48 h after a message, 3 in 60 s after a tap, follow or scan.
    message_until: Mapped[datetime | None]
    message_left: Mapped[int] = mapped_column(default=0)
    action_until: Mapped[datetime | None]
    action_left: Mapped[int] = mapped_column(default=0)


class Subscription(Base):
    """A member follows a track."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index("ix_subscriptions_track_id", "track_id", "member_id"),
    )  # recipients, page by page

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[str] = mapped_column(ForeignKey("tracks.id"), primary_key=True)
    since: Mapped[datetime]


class SubscriptionChange(Base):
    """Who changed a subscription, when, and by which way (chat, page, scan, import, console, company).

    `actor` is `member` or an operator's name; never an openid.
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

    What is left is granted - spent - revoked, and never less than nothing.
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
    """Someone asked to be erased: a digest of the openid, so that no nightly sync brings them back.

    An openid carries about 126 random bits: its digest can't be turned back. Coming back by an act of
    their own (following again, a command) takes the row away.
    """

    __tablename__ = "erasures"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class Handoff(Base):
    """A conversation handed to a person (人工): open until an operator or the member ends it."""

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
    """One line of such a conversation; `author` is "" for the member, else the operator's name."""

    __tablename__ = "hand_over_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int] = mapped_column(
        "hand_over_id", ForeignKey("hand_overs.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(64), default="")
    content: Mapped[str] = mapped_column(String(2000))
