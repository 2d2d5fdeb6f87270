"""Tables of who wants what. `members` is the one table that holds an openid."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Company(Base):
    """An enterprise, known by its 统一社会信用代码."""

    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class CompanyTrack(Base):
    """A track a company follows; what a newly bound member begins from."""

    __tablename__ = "company_tracks"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[str] = mapped_column(ForeignKey("tracks.id"), primary_key=True)


class Member(Base):
    """A person who follows, or followed, the account."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(String(64), unique=True)
    following: Mapped[bool] = mapped_column(default=True)
    followed_at: Mapped[datetime]
    unfollowed_at: Mapped[datetime | None]
    company_id: Mapped[int | None] = mapped_column(
        ForeignKey("companies.id", ondelete="SET NULL"), index=True
    )
    company_confirmed: Mapped[bool] = mapped_column(default=False)
    lead_days: Mapped[list[int] | None] = mapped_column(JSON)  # None: the default 30, 14, 7, 3, 1
    quiet_from: Mapped[int] = mapped_column(default=21 * 60)  # minutes after midnight, Asia/Shanghai
    quiet_until: Mapped[int] = mapped_column(default=8 * 60 + 30)
    digest: Mapped[str] = mapped_column(String(10), default="none")  # none, daily, weekly
    general: Mapped[bool] = mapped_column(default=True)  # wants 通用 clauses too
    # What WeChat lets us send unasked (客服消息): 5 in 48 h after a message, 3 in 60 s after a tap, follow or scan.
    message_until: Mapped[datetime | None]
    message_left: Mapped[int] = mapped_column(default=0)
    action_until: Mapped[datetime | None]
    action_left: Mapped[int] = mapped_column(default=0)


class Subscription(Base):
    """A member follows a track."""

    __tablename__ = "subscriptions"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[str] = mapped_column(ForeignKey("tracks.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class SubscriptionChange(Base):
    """Who changed a subscription, when, and by which way (chat, page, scan, import, console)."""

    __tablename__ = "subscription_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    track_id: Mapped[str] = mapped_column(ForeignKey("tracks.id"))
    action: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class Grant(Base):
    """Sends of one subscription-notification template that a member has granted and we have spent."""

    __tablename__ = "grants"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    granted: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
