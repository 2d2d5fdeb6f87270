"""Imports of editions, what becomes of the things that hang on a clause that goes, and where a clause came from or went."""

import sqlalchemy as sa
from alembic import op

from storage.sql.base import UTCDateTime

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "edition_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("structure", sa.String(length=12), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_imports")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "clause_decisions",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("successor", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_clause_decisions_revision_id_revisions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", "what", name=op.f("pk_clause_decisions")),
    )
    op.add_column("revisions", sa.Column("import_id", sa.Integer(), nullable=True))
    op.add_column("revisions", sa.Column("relation", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("revisions", sa.Column("kin", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_revisions_import_id"), "revisions", ["import_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_revisions_import_id"), table_name="revisions")
    for column in ("kin", "relation", "import_id"):
        op.drop_column("revisions", column)
    op.drop_table("clause_decisions")
    op.drop_table("edition_imports")
