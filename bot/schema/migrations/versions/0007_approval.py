"""Who wrote what since it was last approved, versions of broadcasts, words that wait, questions that were answered."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.sql.base

revision = "0007"
down_revision = "0006"

_COLUMNS: tuple[tuple[str, "sa.Column[Any]"], ...] = (
    ("api_keys", sa.Column("owner", sa.String(64), nullable=True)),
    ("campaigns", sa.Column("edits", sa.Integer(), nullable=False, server_default="1")),
    ("campaigns", sa.Column("last_at", storage.sql.base.UTCDateTime(timezone=True), nullable=True)),
    ("revisions", sa.Column("returned_by", sa.String(64), nullable=True)),
    ("revisions", sa.Column("return_reason", sa.String(500), nullable=False, server_default="")),
    ("taught_words", sa.Column("waits", sa.Boolean(), nullable=False, server_default=sa.false())),
    ("taught_words", sa.Column("confirmed_by", sa.String(64), nullable=True)),
)


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.add_column(table, column)
    _contributions("revision")
    _contributions("campaign")
    op.create_table(
        "answered_questions",
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", storage.sql.base.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("text", name=op.f("pk_answered_questions")),
    )
    op.create_index(op.f("ix_answered_questions_last_at"), "answered_questions", ["last_at"])
    _name_the_makers()


def _contributions(of: str) -> None:
    table = f"{of}_contributions"
    op.create_table(
        table,
        sa.Column(f"{of}_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("at", storage.sql.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            [f"{of}_id"], [f"{of}s.id"], name=op.f(f"fk_{table}_{of}_id_{of}s"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(f"{of}_id", "person", name=op.f(f"pk_{table}")),
    )


def _name_the_makers() -> None:
    """What waits for approval at the upgrade keeps its makers: the rows name the last, the audit log the others."""
    op.execute(
        "UPDATE api_keys SET owner = (SELECT max(actor) FROM audit_log WHERE subject_kind = 'api_key' "
        "AND subject_id = api_keys.name AND action = '新增密钥' AND actor <> 'policybot operator')"
    )
    op.execute(
        "INSERT INTO revision_contributions (revision_id, person, at) "
        "SELECT DISTINCT id, person, at FROM ("
        "SELECT id, author AS person, created_at AS at FROM revisions WHERE state = 'draft' UNION "
        "SELECT revisions.id, audit_log.actor, revisions.created_at FROM revisions JOIN audit_log "
        "ON audit_log.subject_kind = 'policy' AND audit_log.action = '保存草稿' "
        "AND audit_log.subject_id = CAST(revisions.subject AS VARCHAR) "
        "AND audit_log.at >= revisions.created_at WHERE revisions.state = 'draft') AS made"
    )
    op.execute(
        "INSERT INTO campaign_contributions (campaign_id, person, at) "
        "SELECT DISTINCT made.id, COALESCE(api_keys.owner, made.person), made.created_at FROM ("
        "SELECT id, created_by AS person, created_at FROM campaigns WHERE status IN ('draft', 'submitted') UNION "
        "SELECT id, submitted_by, created_at FROM campaigns WHERE status IN ('draft', 'submitted') "
        "AND submitted_by IS NOT NULL) AS made "
        "LEFT JOIN api_keys ON made.person = 'key:' || api_keys.name"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_answered_questions_last_at"), table_name="answered_questions")
    for table in ("answered_questions", "campaign_contributions", "revision_contributions"):
        op.drop_table(table)
    for table, column in reversed(_COLUMNS):
        op.drop_column(table, column.name)
