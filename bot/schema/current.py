"""Whether the database has the schema of this program; asked at each start."""

from pathlib import Path

import structlog
from sqlalchemy import Connection, inspect, text

from storage.sql.database import Database

_REVISIONS = Path(__file__).parent / "migrations" / "versions"

_log = structlog.stdlib.get_logger(__name__)


class SchemaBehindError(Exception):
    """The database lacks revisions, and `BOT_MIGRATE=0` forbids the upgrade."""


async def require_current_schema(database: Database, *, migrate: bool) -> None:
    """Upgrade the database; if `migrate` is off, only check it. A schema newer than this program's is accepted.

    Raises:
        SchemaBehindError: revisions are missing and `migrate` is off; the message lists them.
    """
    async with database.read() as session:
        current = await (await session.connection()).run_sync(_revision)
    if current == newest_revision():
        return
    if current is not None and current > newest_revision():
        # The version before, started again during an upgrade: a version only takes away what the one before does not use.
        _log.warning(
            "schema.newer", revision=current, ours=newest_revision(), remedy="finish the upgrade soon"
        )
        return
    # Alembic takes 0.1 s to load, and nearly every start needs no upgrade.
    from bot.schema.migrate import missing_revisions, upgrade_database  # noqa: PLC0415

    missing = await missing_revisions(database)
    if missing and not migrate:
        raise SchemaBehindError("the database lacks revisions: " + "; ".join(missing))
    if missing:
        await upgrade_database(database)


def newest_revision() -> str:
    """Return the revision that this program needs, from the names of the revision files."""
    return max(file.name for file in _REVISIONS.glob("[0-9]*.py")).partition("_")[0]


def _revision(connection: Connection) -> str | None:
    """Return the revision of the database, from Alembic's table; None if the database is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
