"""Brings a database to the current schema; whoever starts first does it, the others wait."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x706F6C69  # any number that no other program on this database uses


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def upgrade_database(database: Database) -> None:
    """Bring the schema to the newest revision, in one transaction under a lock.

    SQLite's write lock and PostgreSQL's advisory lock make a second starter wait and then find nothing to do.
    """
    async with database.write() as session:
        if not database.is_sqlite:
            await session.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        connection = await session.connection()
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))


async def missing_revisions(database: Database) -> list[str]:
    """Revisions that the database lacks, oldest first, each as `id description`."""
    async with database.read() as session:
        connection = await session.connection()
        current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_heads())
    script = ScriptDirectory.from_config(_config())
    behind = script.iterate_revisions("head", current[0] if current else "base")
    return [f"{revision.revision} {revision.doc}" for revision in reversed(list(behind))]


def upgrade(url: str) -> None:
    """`upgrade_database` for a caller without an event loop."""

    async def run() -> None:
        database = Database.open(url)
        try:
            await upgrade_database(database)
        finally:
            await database.close()

    asyncio.run(run())
