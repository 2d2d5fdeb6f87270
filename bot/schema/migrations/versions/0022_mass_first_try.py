"""A send to all knows when it was first tried, by the database's clock: WeChat remembers its id for a day of real time."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("mass_jobs", sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("mass_jobs", "first_tried_at")
