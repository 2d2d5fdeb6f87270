"""A row remembers the way it was refused by; what was refused and waits in the inbox is found there."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_UNREAD, _FORMERLY = "(state = 'inbox' OR channel = 'inbox') AND read_at IS NULL", "state = 'inbox' AND read_at IS NULL"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("refused", sa.String(length=10), nullable=True))
    _index_unread(_UNREAD)


def downgrade() -> None:
    _index_unread(_FORMERLY)
    op.drop_column("deliveries", "refused")


def _index_unread(rows: str) -> None:
    op.drop_index("ix_deliveries_unread", table_name="deliveries")
    op.create_index(
        "ix_deliveries_unread",
        "deliveries",
        ["settled_at"],
        sqlite_where=sa.text(rows),
        postgresql_where=sa.text(rows),
    )
