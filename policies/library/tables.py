"""Tables of what we know: tracks, clauses with their revisions and publications, application windows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from policies.approval.columns import DraftColumns, one_at_a_time
from storage.sql.base import Base


class TrackRow(Base):
    """An industry track that a company can follow. A track that left the list stays, because other rows refer to it."""

    __tablename__ = "tracks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    aliases: Mapped[list[str]] = mapped_column(JSON)
    position: Mapped[int]
    provisional: Mapped[bool]
    active: Mapped[bool] = mapped_column(default=True)


class LibraryState(Base):
    """One row: how often what is published, or the list of tracks, has changed; and the last clause key that was given out.

    Every process reads it twice a second, so it stays this small. The key only grows, in the transaction that makes the
    clause, so no key is given out twice, even if its clause is gone.
    """

    __tablename__ = "library_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    last_key: Mapped[int]


class DocumentRow(Base):
    """A document of the library; its title and parts are in the revisions of its surroundings. Its short name outlives editions.

    `subject` is negative or 0 and never reused: the revisions of what surrounds the clauses carry it. A retired document stays,
    because windows, alerts and the history refer to its clauses.
    """

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[int] = mapped_column(unique=True)
    position: Mapped[int]
    short_name: Mapped[str] = mapped_column(String(20), default="", server_default="")
    is_default: Mapped[bool] = mapped_column(default=False)
    retired: Mapped[bool] = mapped_column(default=False)


class RevisionRow(DraftColumns, Base):
    """A clause (its key is the subject), or what surrounds the clauses of a document (subject 0 or less), as someone left it.

    Of one subject at most one revision is a draft and at most one is published. `import_id` is the import that made a
    draft; `relation` and `kin` name the clause of it that this one was split from or goes into (`changes.Kin`).
    """

    __tablename__ = "revisions"
    __table_args__ = one_at_a_time("revisions", "subject")

    subject: Mapped[int]
    document: Mapped[str] = mapped_column(String(32), index=True)
    retires: Mapped[bool] = mapped_column(default=False)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    import_id: Mapped[int | None] = mapped_column(index=True)
    relation: Mapped[str] = mapped_column(String(8), default="")
    kin: Mapped[int | None]


class ClauseDecision(Base):
    """What happens to one kind of a clause's things, when publishing this revision takes the clause away.

    `what` is the name of a `publishing.belongings.Belongings`. The things go to the clause `successor`; if it is
    None, they end.
    """

    __tablename__ = "clause_decisions"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True)
    what: Mapped[str] = mapped_column(String(16), primary_key=True)
    successor: Mapped[int | None]


class EditionImportRow(Base):
    """A file that was read as a new edition of a document: what it says, and what an operator decided on it.

    `state` is an `importing.edition_import.ImportState`. The file is kept as long as it can be compared again; `version` is
    the library's version that it was compared with.
    """

    __tablename__ = "edition_imports"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(200))
    structure: Mapped[str] = mapped_column(String(12))
    file: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    decisions: Mapped[dict[str, Any]] = mapped_column(JSON)
    edits: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RevisionContribution(Base):
    """A person who wrote a part of a revision. Rows are only added; they stay when others overwrite the part."""

    __tablename__ = "revision_contributions"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]


class PublicationRow(Base):
    """One act of publishing; its id orders them, so that alerts can go on after the last one they announced."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    publisher: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500), default="")
    published_at: Mapped[datetime]


class PublicationItem(Base):
    """What a publication did to one subject: the revision before and the one after."""

    __tablename__ = "publication_items"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    subject: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))
    after_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))


class WindowRow(Base):
    """An application window (申报期) of one policy.

    A window that an operator withdrew stays, with `withdrawn_at`: members who were told of it are told of that too, and
    the same window entered again continues. Ids are never used twice (autoincrement), because they stand in the keys of
    alerts and in messages.
    """

    __tablename__ = "windows"
    __table_args__ = (
        UniqueConstraint("policy_id", "title", "opens_on"),
        CheckConstraint("opens_on <= closes_on", name="opens_before_close"),
        Index("ix_windows_closes_on", "closes_on"),
        {"sqlite_autoincrement": True},
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
    withdrawn_at: Mapped[datetime | None]
