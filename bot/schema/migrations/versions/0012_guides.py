"""Guides (怎么办): how a clause is applied for, as operators entered it."""

import sqlalchemy as sa
from alembic import op

from storage.sql.base import UTCDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "guide_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_state")),
    )
    op.create_table(
        "guide_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clause_key", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("publisher", sa.String(length=64), nullable=True),
        sa.Column("published_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("returned_by", sa.String(length=64), nullable=True),
        sa.Column("return_reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_revisions")),
        sa.UniqueConstraint("clause_key", "number", name=op.f("uq_guide_revisions_clause_key_number")),
    )
    for state in ("draft", "published"):
        condition = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_guide_revisions_{state}",
            "guide_revisions",
            ["clause_key"],
            unique=True,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    op.create_table(
        "guide_contributions",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["guide_revisions.id"],
            name=op.f("fk_guide_contributions_revision_id_guide_revisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("revision_id", "person", name=op.f("pk_guide_contributions")),
    )


def downgrade() -> None:
    for table in ("guide_contributions", "guide_revisions", "guide_state"):
        op.drop_table(table)
