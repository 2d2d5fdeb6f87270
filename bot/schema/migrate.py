"""Upgrades a database to the current schema. The process that starts first does it, the others wait."""

import asyncio
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sql.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_S = 5
_ADVISORY_LOCK = 0x706F6C69  # any number that no other program on this database uses


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def upgrade_database(database: Database, lock_s: float = _LOCK_S) -> None:
    """Upgrade the schema to the newest revision, in one transaction under a lock.

    The lock is SQLite's write lock or PostgreSQL's advisory lock. A second process that starts waits for it, and then has
    nothing to do. On PostgreSQL a revision waits `lock_s` at most for the lock of a table: whoever writes there waits behind it.

    Raises:
        SchemaError: a revision left rows with broken references; the database is unchanged.
    """
    if database.is_sqlite:
        async with database.engine.connect() as connection:
            await _upgrade_sqlite(connection)
        return
    patient = Database.open(database.url, pool_size=1, statement_s=None)
    try:
        async with patient.engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            await connection.execute(text(f"SET LOCAL lock_timeout = {lock_s * 1000:.0f}"))
            await connection.run_sync(_upgrade)
    finally:
        await patient.close()


class SchemaError(Exception):
    """An upgrade failed and was rolled back."""


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


async def _upgrade_sqlite(connection: AsyncConnection) -> None:
    """Upgrade with foreign keys off: Alembic copies a table to change it, and dropping the old one would cascade."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
    try:
        await connection.execution_options(begin_immediate=True)
        async with connection.begin():
            await connection.run_sync(_upgrade)
            broken = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
            if broken is not None:
                raise SchemaError(f"a row of {broken[0]} refers to none of {broken[2]}")
    finally:
        await driver.execute("PRAGMA foreign_keys=ON")


async def missing_revisions(database: Database) -> list[str]:
    """Return the revisions that the database lacks, oldest first, each as `id description`."""
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
