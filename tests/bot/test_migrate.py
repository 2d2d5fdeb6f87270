"""The schema is the models', on both databases, however many start at once."""

import asyncio

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

import subscriptions.tables  # noqa: F401 - imported for their tables
from bot.migrate import missing_revisions, upgrade_database
from bot.tables import metadata
from storage.database import Database


async def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.read() as session:
        assert await (await session.connection()).run_sync(differences) == []
    assert await missing_revisions(database) == []


async def test_many_that_start_at_once_upgrade_once(tmp_path) -> None:
    several = [Database.open(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}") for _ in range(8)]
    await asyncio.gather(*(upgrade_database(database) for database in several))
    assert await missing_revisions(several[0]) == []
    for database in several:
        await database.close()
