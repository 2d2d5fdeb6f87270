"""While it is upgraded, processes of the release before run on the new schema: every statement of theirs must go on.

`tests/data/release.json` holds what the release used: each statement that the tests of alerts, subscriptions, desk and chat
made on PostgreSQL, and each column. A statement is prepared, not run, so what a new constraint would refuse is not found;
columns that are new must be such that a row without them can be written.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from bench.release import refusal_of
from bot.schema.current import newest_revision, require_current_schema
from bot.schema.migrate import _config, missing_revisions, upgrade_database
from storage.sql.database import Database

RELEASE: dict[str, Any] = json.loads((Path(__file__).parents[2] / "data" / "release.json").read_text())
LARGE = ("members", "subscriptions", "deliveries", "subscription_changes")


async def test_every_statement_of_the_release_before_is_taken_by_the_new_schema(postgres_url: str) -> None:
    address = make_url(postgres_url)
    driver = await asyncpg.connect(
        host=address.query["host"], user=address.username, database=address.database
    )
    refused = [why for one in RELEASE["statements"] if (why := await refusal_of(driver, one))]
    await driver.close()
    assert len(RELEASE["statements"]) > 200
    assert refused == []


async def test_a_row_can_be_written_by_a_process_that_knows_nothing_of_new_columns(postgres_url: str) -> None:
    database = Database.open(postgres_url)

    def new_and_needed(connection: Connection) -> list[str]:
        found = inspect(connection)
        return [
            f"{table}.{column['name']}"
            for table, known in RELEASE["columns"].items()
            if found.has_table(table)
            for column in found.get_columns(table)
            if column["name"] not in known and not column["nullable"] and column["default"] is None
        ]

    async with database.engine.connect() as connection:
        assert await connection.run_sync(new_and_needed) == []
    await database.close()


def _to(revision: str) -> Callable[[Connection], None]:
    return lambda connection: command.upgrade(_config(connection), revision)


async def _files(database: Database) -> dict[str, int]:
    async with database.read() as session:
        return {
            table: await session.scalar(text(f"SELECT pg_relation_filenode('{table}')")) for table in LARGE
        }


async def test_the_way_from_the_release_before_rewrites_no_large_table(empty_postgres_url: str) -> None:
    """A rewrite keeps everybody out of the table for as long as it takes."""
    database = Database.open(empty_postgres_url)
    async with database.write() as session:
        await (await session.connection()).run_sync(_to(RELEASE["revision"]))
    before = await _files(database)
    await upgrade_database(database)
    assert await _files(database) == before
    await database.close()


async def test_a_migration_that_gets_no_lock_leaves_what_was_and_can_be_run_again(
    empty_postgres_url: str,
) -> None:
    database = Database.open(empty_postgres_url)
    async with database.write() as session:
        await (await session.connection()).run_sync(_to("0004"))
    missing = await missing_revisions(database)
    async with database.engine.connect() as busy:
        await busy.execute(text("SELECT count(*) FROM members"))  # a long reading
        async with asyncio.timeout(15):
            with pytest.raises(Exception, match="lock timeout"):
                await upgrade_database(database, lock_s=0.2)
    assert await missing_revisions(database) == missing
    await upgrade_database(database)
    assert await missing_revisions(database) == []
    await database.close()


async def test_a_process_of_the_release_before_starts_on_the_new_schema(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with capture_logs() as said:
        await require_current_schema(database, migrate=True)
    assert [(one["event"], one["ours"]) for one in said] == [("schema.newer", newest_revision())]
