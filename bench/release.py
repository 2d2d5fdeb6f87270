"""Records a release for the test of the next one: `python -m bench.release` writes `tests/data/release.json`.

It runs the tests that use the database most on PostgreSQL, notes each statement once, and each column of each table. The test
`tests/bot/schema/test_releases.py` holds later schemas against it: run this when a version is released, not before.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
from sqlalchemy import Connection, inspect

from bench.cluster.postgres import HOST, PostgresNode
from bot.schema.current import newest_revision
from bot.schema.migrate import upgrade_database
from storage.sql.database import Database

FILE = Path(__file__).parents[1] / "tests" / "data" / "release.json"
_TESTS = (
    *("tests/alerts/worker/test_worker.py", "tests/alerts/scheduling/test_tick.py", "tests/alerts/ledger"),
    *("tests/alerts/scheduling/test_progress.py", "tests/alerts/member", "tests/alerts/delivery"),
    *(
        "tests/subscriptions/test_directory.py",
        "tests/subscriptions/privacy",
        "tests/subscriptions/messaging_rights",
    ),
    *("tests/handlers/commands", "tests/policies/publishing", "tests/policies/questions", "tests/bot/upkeep"),
)
_LONGEST = 4_000
_OURS = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b(?!.*\b(pg_|alembic_version|information_schema))", re.DOTALL
)


async def main() -> None:
    """Record, keep what this schema takes, and write the file."""
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        said = Path(folder) / "statements"
        command = [sys.executable, "-m", "pytest", "-q", "-k", "postgresql or stage", *_TESTS]
        environment = os.environ | {"RECORD_STATEMENTS": str(said)}
        await asyncio.to_thread(subprocess.run, command, check=False, env=environment)
        found = {json.loads(line) for line in said.read_text().splitlines()}
        node = PostgresNode(Path(folder) / "postgres")
        await node.make()
        await node.start()
        try:
            await node.sql("CREATE DATABASE policybot")
            statements, columns = await _kept(node, sorted(found))
        finally:
            await node.kill()
    release = {"revision": newest_revision(), "columns": columns, "statements": statements}
    FILE.write_text(json.dumps(release, ensure_ascii=False, indent=0) + "\n")
    print(
        f"{len(statements)} statements, {sum(map(len, columns.values()))} columns at revision {newest_revision()}"
    )


async def _kept(node: PostgresNode, found: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    database = Database.open(f"postgresql+asyncpg://postgres@{HOST}:{node.port}/policybot")
    await upgrade_database(database)
    async with database.engine.connect() as connection:
        columns = await connection.run_sync(columns_of)
    await database.close()
    driver = await asyncpg.connect(host=HOST, port=node.port, user="postgres", database="policybot")
    kept = []
    for statement in found:
        if len(statement) <= _LONGEST and _OURS.match(statement) and not await refusal_of(driver, statement):
            kept.append(statement)
    await driver.close()
    return kept, columns


async def refusal_of(driver: "asyncpg.Connection", statement: str) -> str:
    """Why this schema does not take a statement; "" if it does. Nothing is executed."""
    try:
        await driver.prepare(statement)
    except asyncpg.PostgresError as error:
        return f"{error}: {statement}"
    return ""


def columns_of(connection: Connection) -> dict[str, list[str]]:
    """The columns of each table."""
    found = inspect(connection)
    return {
        table: sorted(column["name"] for column in found.get_columns(table))
        for table in sorted(found.get_table_names())
    }


if __name__ == "__main__":
    asyncio.run(main())
