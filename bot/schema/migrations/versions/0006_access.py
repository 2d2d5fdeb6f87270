"""Codes taken once, recovery codes, and testers of broadcasts."""

import sqlalchemy as sa
from alembic import op

import storage.sql.base

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("operators") as table:
        table.alter_column("totp_secret", type_=sa.String(length=255), existing_nullable=True)
        table.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", storage.sql.base.UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["operators.id"],
            name=op.f("fk_recovery_codes_operator_id_operators"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_recovery_codes_operator_id"), "recovery_codes", ["operator_id"], unique=False)
    op.create_table(
        "testers",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("named_by", sa.String(length=80), nullable=False),
        sa.Column("named_at", storage.sql.base.UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_testers_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_testers")),
    )


def downgrade() -> None:
    op.drop_table("testers")
    op.drop_index(op.f("ix_recovery_codes_operator_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    with op.batch_alter_table("operators") as table:
        table.drop_column("must_change_password")
        table.drop_column("totp_step")
