"""The columns of a table of drafts: each row is one state of a thing as somebody left it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column


class RevisionState(StrEnum):
    """Where a revision stands in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    DISCARDED = "discarded"


class DraftColumns:
    """What every table of drafts has, beside the column that says of what a row is a state.

    Attributes:
        number: counts the revisions of one subject from 1.
        state: a `RevisionState`.
        data: the content as JSON.
        edits: counts the saves of a draft; a step with it names the count that was seen.
        author: who wrote a part of it last.
        publisher: who published it.
        returned_by: who sent the draft back to its authors. Nobody publishes it before it is saved again.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    data: Mapped[Any] = mapped_column(JSON)
    edits: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    publisher: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[datetime | None]
    returned_by: Mapped[str | None] = mapped_column(String(64))
    return_reason: Mapped[str] = mapped_column(String(500), default="")


def one_at_a_time(
    table: str, subject: str, open_states: tuple[str, str] = (RevisionState.DRAFT, RevisionState.PUBLISHED)
) -> tuple[UniqueConstraint, Index, Index]:
    """Return indexes: one subject has at most one draft and at most one published row, and no number twice.

    They stop a second editor who begins at the same moment.
    """
    draft, published = (
        Index(
            f"uq_{table}_{state}",
            subject,
            unique=True,
            sqlite_where=text(f"state = '{state}'"),
            postgresql_where=text(f"state = '{state}'"),
        )
        for state in open_states
    )
    return UniqueConstraint(subject, "number"), draft, published
