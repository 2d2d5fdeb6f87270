"""A change of the district's data can be sent back to its authors, as drafts of clauses and guides can."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_COLUMNS = ("author", "returned_by", "return_reason")


def upgrade() -> None:
    op.add_column(
        "district_revisions", sa.Column("author", sa.String(64), nullable=False, server_default="")
    )
    op.add_column("district_revisions", sa.Column("returned_by", sa.String(64), nullable=True))
    op.add_column(
        "district_revisions", sa.Column("return_reason", sa.String(500), nullable=False, server_default="")
    )


def downgrade() -> None:
    for column in reversed(_COLUMNS):
        op.drop_column("district_revisions", column)
