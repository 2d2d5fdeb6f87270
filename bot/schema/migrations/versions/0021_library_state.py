"""A document has a short name; the state of the library is called what it is.

Processes of the release before go on under the old name of the table while they are replaced: on PostgreSQL a view has it,
which takes their statements. The release after this one takes the view away. SQLite serves one installation at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_OLD, _NEW = "compendium_state", "library_state"


def upgrade() -> None:
    op.add_column("documents", sa.Column("short_name", sa.String(20), nullable=False, server_default=""))
    op.rename_table(_OLD, _NEW)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {_NEW} RENAME CONSTRAINT pk_{_OLD} TO pk_{_NEW}")
        op.execute(f"CREATE VIEW {_OLD} AS SELECT id, version, last_key FROM {_NEW}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP VIEW {_OLD}")
        op.execute(f"ALTER TABLE {_NEW} RENAME CONSTRAINT pk_{_NEW} TO pk_{_OLD}")
    op.rename_table(_NEW, _OLD)
    op.drop_column("documents", "short_name")
