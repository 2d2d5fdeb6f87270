"""Tables of what we know: tracks and application windows (revisions of clauses stand beside them)."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Track(Base):
    """An industry track a company can follow."""

    __tablename__ = "tracks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    aliases: Mapped[list[str]] = mapped_column(JSON)
    position: Mapped[int]
    provisional: Mapped[bool]


class Window(Base):
    """An application window (申报期) of one policy."""

    __tablename__ = "windows"
    __table_args__ = (
        UniqueConstraint("policy_id", "title", "opens_on"),
        CheckConstraint("opens_on <= closes_on", name="opens_before_close"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    url: Mapped[str] = mapped_column(String(1000), default="")
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
