"""A PostgreSQL database that tests borrow one after the other holds for each what it held for the first."""

import asyncio
from collections.abc import Mapping

import asyncpg
import pytest

from tests.kit.postgres import Databases

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"


async def held(url: str, *statements: str) -> Mapping[str, object]:
    """Every row and the state of every sequence, after statements."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
        names = [name for (name,) in await connection.fetch(TABLES)]
        rows = {name: sorted(map(str, await connection.fetch(f"SELECT * FROM {name}"))) for name in names}
        return rows | {"": sorted(map(str, await connection.fetch(SEQUENCES)))}
    finally:
        await connection.close()


@pytest.mark.parametrize("holds_library", [True, False])
@pytest.mark.parametrize(
    "written",
    [
        "UPDATE tracks SET name = name || '…'",
        "DELETE FROM revisions",
        "CREATE TEMP TABLE t AS TABLE tracks; UPDATE t SET id = id || '2'; INSERT INTO tracks TABLE t",
        "INSERT INTO switches (name, value, changed_by, changed_at) VALUES ('a', '', '', now())",
        "SELECT nextval(pg_get_serial_sequence('members', 'id'))",
    ],
)
def test_what_a_test_wrote_is_gone_for_the_next_one(
    postgres: Databases, holds_library: bool, written: str
) -> None:
    name = postgres.lend(holds_library=holds_library)
    first = asyncio.run(held(postgres.url(name)))
    assert bool(first["tracks"]) == holds_library
    then = asyncio.run(held(postgres.url(name), written))
    assert (then != first) or not holds_library
    postgres.take_back(name)
    assert postgres.lend(holds_library=holds_library) == name, "it was dropped"
    assert asyncio.run(held(postgres.url(name))) == first
    postgres.take_back(name)
