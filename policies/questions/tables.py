"""Tables of questions in vain and of what operators taught from them. None of them holds who asked."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.sql.base import Base


class QuestionGroup(Base):
    """Questions that are alike: the same need in several words."""

    __tablename__ = "question_groups"
    __table_args__ = (Index("ix_question_groups_open", "settled_at", "times"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    core: Mapped[str] = mapped_column(String(64), unique=True)
    times: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(64), default="")


class AskedQuestion(Base):
    """One wording, with how often it was asked and why it is kept (declined, useless, person)."""

    __tablename__ = "asked_questions"
    __table_args__ = (UniqueConstraint("text", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("question_groups.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(16))
    times: Mapped[int]
    last_at: Mapped[datetime]


class AnsweredQuestion(Base):
    """A wording that was answered lately; a new word must not make its answer worse."""

    __tablename__ = "answered_questions"

    text: Mapped[str] = mapped_column(String(200), primary_key=True)
    times: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class TaughtWord(Base):
    """A word an operator gave a clause."""

    __tablename__ = "taught_words"
    __table_args__ = (UniqueConstraint("policy_id", "word"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int]
    word: Mapped[str] = mapped_column(String(24))
    taught_by: Mapped[str] = mapped_column(String(64))
    taught_at: Mapped[datetime]
    # It would worsen answers: it does nothing before another person confirmed it.
    waits: Mapped[bool] = mapped_column(default=False)
    confirmed_by: Mapped[str | None] = mapped_column(String(64))


class ConfirmedQuestion(Base):
    """A wording, and the clause that answers it or none, as an operator said. Without personal data, as above."""

    __tablename__ = "confirmed_questions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200), unique=True)
    # None: the library says nothing to it.
    policy_id: Mapped[int | None] = mapped_column(index=True)
    confirmed_by: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime]


class TaughtState(Base):
    """One row: how often taught words and confirmed questions have changed; every process reads it twice a second."""

    __tablename__ = "taught_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class DailyTally(Base):
    """How often something happened on a business day: `what` is answered or declined."""

    __tablename__ = "daily_tallies"

    day: Mapped[date] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(12), primary_key=True)
    n: Mapped[int]
