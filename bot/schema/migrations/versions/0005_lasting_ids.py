"""Ids are never given out twice; windows are withdrawn, not deleted; announcements can be left."""

import re

import sqlalchemy as sa
from alembic import op

import storage.sql.base

revision = "0005"
down_revision = "0004"

LASTING = ("windows", "campaigns", "deliveries", "hand_overs", "taught_words")
"""Tables whose rows may go while their ids stand in keys, links, the queue or messages."""


def upgrade() -> None:
    op.add_column("windows", sa.Column("withdrawn_at", storage.sql.base.UTCDateTime(timezone=True), nullable=True))
    op.add_column(
        "members", sa.Column("announcements", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("members", sa.Column("earlier_company_id", sa.Integer(), nullable=True))
    op.add_column("members", sa.Column("earlier_as_typed", sa.String(length=200), nullable=True))
    op.add_column(
        "members", sa.Column("earlier_since", storage.sql.base.UTCDateTime(timezone=True), nullable=True)
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in LASTING:
            _rebuild(table, "AUTOINCREMENT")
        _count_on_from_former_windows()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in LASTING:
            _rebuild(table, "")
    op.drop_column("members", "earlier_since")
    op.drop_column("members", "earlier_as_typed")
    op.drop_column("members", "earlier_company_id")
    op.drop_column("members", "announcements")
    op.drop_column("windows", "withdrawn_at")


def _rebuild(table: str, autoincrement: str) -> None:
    """SQLite's own way (lang_altertable.html, section 7): a new table, the rows, the old one's name and indexes.

    `bot.migrate` has foreign keys off meanwhile, or dropping the old table would cascade.
    """
    bind = op.get_bind()
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :type AND sql IS NOT NULL"
    (old,) = bind.scalars(sa.text(made), {"table": table, "type": "table"})
    indexes = bind.scalars(sa.text(made), {"table": table, "type": "index"}).all()
    new = re.sub(r"PRIMARY KEY \(id[^()]*\)", f"PRIMARY KEY (id {autoincrement})", old, count=1)
    op.execute(sa.text(re.sub(r'CREATE TABLE "?\w+"?', f"CREATE TABLE new_{table}", new, count=1).replace(":", r"\:")))
    columns = ", ".join(f'"{column["name"]}"' for column in sa.inspect(bind).get_columns(table))
    op.execute(f"INSERT INTO new_{table} ({columns}) SELECT {columns} FROM {table} ORDER BY id")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    for index in indexes:
        op.execute(sa.text(index.replace(":", r"\:")))


def _count_on_from_former_windows() -> None:
    """A window that was deleted before still stands in its alerts: the next one gets a later number."""
    former = "SELECT max(json_extract(content, '$.window_id')) FROM campaigns"
    last = op.get_bind().scalar(sa.text(former)) or 0
    known = op.get_bind().scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'windows'"))
    if known is None:
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('windows', {int(last)})")
    elif last > known:
        op.execute(f"UPDATE sqlite_sequence SET seq = {int(last)} WHERE name = 'windows'")
