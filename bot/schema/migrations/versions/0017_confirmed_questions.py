"""Questions with a confirmed answer, and the vectors of passages that a sentence model made."""

import sqlalchemy as sa
from alembic import op

from storage.sql.base import UTCDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "confirmed_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmed_questions")),
        sa.UniqueConstraint("text", name=op.f("uq_confirmed_questions_text")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_confirmed_questions_policy_id", "confirmed_questions", ["policy_id"])
    op.create_table(
        "passage_vectors",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_passage_vectors")),
    )


def downgrade() -> None:
    op.drop_table("passage_vectors")
    op.drop_index("ix_confirmed_questions_policy_id", table_name="confirmed_questions")
    op.drop_table("confirmed_questions")
