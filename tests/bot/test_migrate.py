"""The schema is the models', on both databases, however many start at once."""

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import subscriptions.tables  # noqa: F401 - imported for their tables
from bot import migrations
from bot.migrate import missing_revisions, upgrade_database
from bot.schema import SchemaBehindError, newest_revision, require_current_schema
from bot.tables import metadata
from storage.database import Database


async def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.read() as session:
        assert await (await session.connection()).run_sync(differences) == []
    assert await missing_revisions(database) == []


async def test_a_start_knows_the_newest_revision_without_alembic(database: Database) -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_heads() == [newest_revision()]
    await require_current_schema(database, migrate=False)


async def test_a_database_without_tables_is_brought_to_the_current_schema(tmp_path: Path) -> None:
    new = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(SchemaBehindError, match="0001"):
        await require_current_schema(new, migrate=False)
    await require_current_schema(new, migrate=True)
    assert await missing_revisions(new) == []
    await new.close()


async def test_many_that_start_at_once_upgrade_once(tmp_path: Path) -> None:
    several = [Database.open(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}") for _ in range(8)]
    await asyncio.gather(*(upgrade_database(database) for database in several))
    assert await missing_revisions(several[0]) == []
    for database in several:
        await database.close()
