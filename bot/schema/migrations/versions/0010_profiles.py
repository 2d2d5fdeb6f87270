"""What members told of their company, kept with their consent."""

import sqlalchemy as sa
from alembic import op

from storage.sql.base import UTCDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "company_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("changed_at", UTCDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(member_id IS NULL) <> (company_id IS NULL)", name=op.f("ck_company_profiles_one_owner")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_company_profiles_company_id_companies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_company_profiles_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_profiles")),
        sa.UniqueConstraint("company_id", name=op.f("uq_company_profiles_company_id")),
        sa.UniqueConstraint("member_id", name=op.f("uq_company_profiles_member_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "profile_consents",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("given_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_profile_consents_member_id_members"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_profile_consents")),
    )


def downgrade() -> None:
    op.drop_table("profile_consents")
    op.drop_table("company_profiles")
