"""PostgreSQL vacuums the ledger and the members by their changes, not by a fifth of a table of a hundred million rows."""

from alembic import op

revision = "0018"
down_revision = "0017"

SETTINGS: dict[str, dict[str, float]] = {
    "deliveries": {
        "autovacuum_vacuum_scale_factor": 0.01,
        "autovacuum_vacuum_threshold": 10_000,
        "autovacuum_vacuum_insert_scale_factor": 0.05,
        "autovacuum_analyze_scale_factor": 0.02,
    },
    # Service windows of a member change with each message and stand in no index: room in the page keeps the update there.
    "members": {
        "fillfactor": 85,
        "autovacuum_vacuum_scale_factor": 0.02,
        "autovacuum_analyze_scale_factor": 0.05,
    },
    "campaign_counts": {"fillfactor": 50},
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, settings in SETTINGS.items():
            op.execute(f"ALTER TABLE {table} SET ({', '.join(f'{name} = {value}' for name, value in settings.items())})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, settings in SETTINGS.items():
            op.execute(f"ALTER TABLE {table} RESET ({', '.join(settings)})")
