"""Topics that a member subscribes to beside tracks: clauses, departments, questions."""

import sqlalchemy as sa
from alembic import op

from storage.sql.base import UTCDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "topic_subscriptions",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("since", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["members.id"],
            name=op.f("fk_topic_subscriptions_member_id_members"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "topic", name=op.f("pk_topic_subscriptions")),
    )
    op.create_index("ix_topic_subscriptions_topic", "topic_subscriptions", ["topic", "member_id"])


def downgrade() -> None:
    op.drop_index("ix_topic_subscriptions_topic", "topic_subscriptions")
    op.drop_table("topic_subscriptions")
