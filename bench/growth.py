"""Years of a ledger: `python -m bench.growth` fills one on PostgreSQL and asks it what it must answer.

A ledger of `--members` members and `--campaigns` alerts to all of them; each row has been through its states, so tables and
indexes are as bloated as in life. It prints sizes a row, the time of the questions at growing sizes, and of the nightly
deletion; `docs/performance.md` does the arithmetic for a million members and five years.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text

from alerts.ledger.claim import pick_due
from alerts.member.history import member_history
from alerts.model.rows.row_states import Timing
from bench.cluster.postgres import HOST, PostgresNode
from bench.recipients import fill
from bot.schema.migrate import upgrade_database
from bot.upkeep.retention import prune
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database

_CAMPAIGN = """
INSERT INTO campaigns (key, kind, title, content, audience, channel, status, snapshot_state, snapshot_after, pause_told,
                       created_by, created_at, updated_at, edits)
VALUES (:key, 'announcement', 't', '{"title": "t"}', '{"everyone": true}', 'auto', :status, 'complete', 0, false, 'bench',
        :at, :at, 1) RETURNING id
"""
_ROWS = """
INSERT INTO deliveries (campaign_id, member_id, state, attempts, next_attempt_at)
SELECT :campaign, id, 'pending', 0, :at FROM members
"""
_MOVES = (
    "UPDATE deliveries SET queued_until = now() + interval '90 s' WHERE campaign_id = :campaign",
    "UPDATE deliveries SET state = 'claimed', claimed_by = 'abcdef0123456789', claimed_until = now() "
    "WHERE campaign_id = :campaign",
    "UPDATE deliveries SET state = 'trying', channel = 'template', tried_at = now(), attempts = 1 WHERE campaign_id = :campaign",
    "UPDATE deliveries SET state = 'sent', message_id = '1234567890123456789', settled_at = :at, claimed_until = NULL "
    "WHERE campaign_id = :campaign",
)
"""As a row moves; each leaves a dead row behind, which autovacuum clears."""


async def add_campaign(database: Database, key: str, days_ago: float) -> None:
    """An alert to everybody that has been sent."""
    at = system_clock() - timedelta(days=days_ago)
    async with database.write() as session:
        campaign = await session.scalar(text(_CAMPAIGN), {"key": key, "status": "done", "at": at})
        await session.execute(text(_ROWS), {"campaign": campaign, "at": at})
        await session.execute(
            text(
                "INSERT INTO campaign_counts (campaign_id, state, n) SELECT :c, 'sent', count(*) FROM members"
            ),
            {"c": campaign},
        )
    for move in _MOVES:
        async with database.write() as session:
            given = {"campaign": campaign} | ({"at": at} if ":at" in move else {})
            await session.execute(text(move), given)


async def timed(name: str, ask: Callable[[], Awaitable[object]], times: int = 5) -> str:
    """The median of some runs, in milliseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - began) * 1000)
    return f"{name} {sorted(took)[times // 2]:.1f} ms"


async def questions(database: Database, members: int) -> list[str]:
    """What the ledger is asked, at its present size."""

    def sql(statement: str, **values: object) -> Callable[[], Awaitable[object]]:
        async def ask() -> object:
            async with database.read() as session:
                return (await session.execute(text(statement), values)).all()

        return ask

    page = (
        "SELECT id, member_id, state, channel, settled_at FROM deliveries "
        "WHERE campaign_id = :c AND member_id > :after ORDER BY member_id LIMIT 50"
    )
    failed = "SELECT id FROM deliveries WHERE campaign_id = :c AND state = 'failed' ORDER BY id LIMIT 50"
    async with database.read() as session:
        last = await session.scalar(text("SELECT max(id) FROM campaigns"))
        first = await session.scalar(text("SELECT min(id) FROM campaigns"))

    async def history() -> object:
        async with database.read() as session:
            return await member_history(session, members // 2)

    due = partial(pick_due, campaign_id=last, limit=500, now=system_clock(), timing=Timing())
    return [
        await timed("a page of the newest", sql(page, c=last, after=0)),
        await timed("a page of the oldest", sql(page, c=first, after=0)),
        await timed("failed of one", sql(failed, c=last), 3),
        await timed("what one member got", history),
        await timed("the sweep finds nothing", partial(database.run_in_write_transaction, due)),
        await timed("overview", sql("SELECT state, sum(n) FROM campaign_counts GROUP BY state")),
    ]


async def sizes(database: Database) -> tuple[int, float, float]:
    """Rows of the ledger, and MB of its table and of its indexes."""
    async with database.read() as session:
        rows, table, indexes = (
            await session.execute(
                text(
                    "SELECT (SELECT sum(n) FROM campaign_counts), pg_table_size('deliveries'), pg_indexes_size('deliveries')"
                )
            )
        ).one()
    return int(rows or 0), table / 1e6, indexes / 1e6


async def measure(database: Database, members: int, campaigns: int) -> None:
    """Fill and ask, then delete what is too old."""
    await upgrade_database(database)
    await PolicyStore(database, system_clock).seed(load_library(), load_district())
    await fill(database, members)
    for number in range(1, campaigns + 1):
        old = number <= campaigns // 4
        await add_campaign(database, f"campaign {number}", 500 if old else 200 - number)
        if number in {campaigns // 4, campaigns // 2, campaigns}:
            rows, table, indexes = await sizes(database)
            print(
                f"{rows:,} rows: table {table:,.0f} MB, indexes {indexes:,.0f} MB, "
                f"{(table + indexes) * 1e6 / rows:.0f} bytes a row",
                flush=True,
            )
            print("  " + "; ".join(await questions(database, members)), flush=True)
    began = time.perf_counter()
    gone = (await prune(database, system_clock()))["deliveries"]
    took = time.perf_counter() - began
    rows, table, indexes = await sizes(database)
    print(f"a night deletes {gone:,} rows in {took:.0f} s = {gone / took:,.0f}/s")
    await add_campaign(database, "after it", 0)
    _, table_after, indexes_after = await sizes(database)
    print(
        f"the next {members:,} rows: table {table:,.0f} → {table_after:,.0f} MB, indexes {indexes:,.0f} → {indexes_after:,.0f} MB"
    )


async def main(members: int, campaigns: int) -> None:
    """Measure on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="growth-", ignore_cleanup_errors=True) as folder:
        node = PostgresNode(Path(folder) / "postgres")
        await node.make("shared_buffers = 512MB", "max_wal_size = 4GB", "autovacuum_naptime = 10s")
        await node.start()
        await node.sql("CREATE DATABASE policybot")
        database = Database.open(
            f"postgresql+asyncpg://postgres@{HOST}:{node.port}/policybot", statement_s=None
        )
        try:
            await measure(database, members, campaigns)
        finally:
            await database.close()
            with suppress(FileNotFoundError):
                await node.kill()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--members", type=int, default=100_000)
    options.add_argument("--campaigns", type=int, default=32)
    chosen = options.parse_args()
    asyncio.run(main(chosen.members, chosen.campaigns))
