"""What the operators' group has been told of, while it waits."""

import sqlalchemy as sa
from alembic import op

from storage.sql.base import UTCDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "operator_notices",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("told_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_operator_notices")),
    )


def downgrade() -> None:
    op.drop_table("operator_notices")
