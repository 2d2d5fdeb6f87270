"""Documents beside each other; a clause is known by its key, and its printed number is a label of its edition.

What one compendium held stays under the keys that its numbers were, so windows, taught words, alerts and links stay right.
"""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_FIRST = "xihaian"
"""The id that the compendium of an existing installation gets."""
_AT_ONCE = 500
_LOWEST_LAST_KEY = 1000
_REVISIONS = sa.table(
    "revisions",
    sa.column("id", sa.Integer),
    sa.column("subject", sa.Integer),
    sa.column("document", sa.String),
    sa.column("data", sa.JSON),
)


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("subject", name=op.f("uq_documents_subject")),
    )
    op.add_column(
        "compendium_state",
        sa.Column("last_key", sa.Integer(), nullable=False, server_default=str(_LOWEST_LAST_KEY)),
    )
    op.add_column("revisions", sa.Column("document", sa.String(32), nullable=False, server_default=_FIRST))
    op.create_index(op.f("ix_revisions_document"), "revisions", ["document"])
    _rewrite(lambda subject, data: _as_clause(subject, data) if subject else _as_surroundings(data))
    op.execute(
        "INSERT INTO documents (id, subject, position, is_default, retired) "
        f"SELECT '{_FIRST}', 0, 1, true, false FROM revisions WHERE subject = 0 AND state = 'published'"
    )
    op.execute(
        "UPDATE compendium_state SET last_key = (SELECT max(subject) FROM revisions) "
        f"WHERE (SELECT max(subject) FROM revisions) > {_LOWEST_LAST_KEY}"
    )


def _as_clause(subject: int, data: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in data.items() if name != "id"}
    return {"key": subject, "label": str(data["id"]), "document": _FIRST, **rest}


def _as_surroundings(data: dict[str, Any]) -> dict[str, Any]:
    source = data["source"]
    rest = {name: value for name, value in data.items() if name != "source"}
    named = {"title": source["document"], "issuer": source["issuer"], "edition": source["edition"]}
    return {"id": _FIRST, **named, **rest}


def _rewrite(change: Callable[[int, dict[str, Any]], dict[str, Any]]) -> None:
    connection = op.get_bind()
    for chunk in _chunks(connection):
        for row in chunk:
            connection.execute(
                sa.update(_REVISIONS)
                .where(_REVISIONS.c.id == row.id)
                .values(data=change(row.subject, row.data))
            )


def _chunks(connection: sa.Connection) -> Iterator[list[Any]]:
    last = 0
    while True:
        query = sa.select(_REVISIONS.c.id, _REVISIONS.c.subject, _REVISIONS.c.data)
        rows = connection.execute(
            query.where(_REVISIONS.c.id > last).order_by(_REVISIONS.c.id).limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        yield list(rows)
        last = rows[-1].id


def downgrade() -> None:
    connection = op.get_bind()
    if connection.scalar(sa.text(f"SELECT count(*) FROM documents WHERE id <> '{_FIRST}'")):
        raise RuntimeError("a schema before this one holds one document only")
    _rewrite(lambda subject, data: _as_old_clause(data) if subject else _as_old_surroundings(data))
    op.drop_index(op.f("ix_revisions_document"), table_name="revisions")
    op.drop_column("revisions", "document")
    op.drop_column("compendium_state", "last_key")
    op.drop_table("documents")


def _as_old_clause(data: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in data.items() if name not in {"key", "label", "document"}}
    return {"id": data["key"], **rest}


def _as_old_surroundings(data: dict[str, Any]) -> dict[str, Any]:
    source = {"document": data["title"], "issuer": data["issuer"], "edition": data["edition"]}
    rest = {name: value for name, value in data.items() if name not in {"id", "title", "issuer", "edition"}}
    return {"source": source, **rest}
