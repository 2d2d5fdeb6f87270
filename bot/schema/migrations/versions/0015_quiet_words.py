"""A member may pause, may want deadlines only, or no messages at weekends."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("members", sa.Column("weekends", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("members", sa.Column("deadlines_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("members", sa.Column("paused_until", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("members", "paused_until")
    op.drop_column("members", "deadlines_only")
    op.drop_column("members", "weekends")
