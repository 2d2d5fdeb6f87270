"""Dead letters are found by an index of their own, however large the ledger is."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

DEAD = sa.text("state IN ('failed', 'unknown')")


def upgrade() -> None:
    op.create_index("ix_deliveries_dead", "deliveries", ["id"], sqlite_where=DEAD, postgresql_where=DEAD)


def downgrade() -> None:
    op.drop_index("ix_deliveries_dead", table_name="deliveries")
