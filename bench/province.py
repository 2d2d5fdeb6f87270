"""A province on this machine: `python -m bench.province` (make load).

A million members on PostgreSQL, two webs, two workers and two schedulers beside the WeChat that counts; a broadcast to all
while people write 500 messages a second. It tells what messages and sends took, which part used the processor, and what
three machines would do by arithmetic from that.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import select, text

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign
from bench.cluster.postgres import HOST, PostgresNode
from bench.failover.installation import Installation
from bench.recipients import fill
from bot.runtime.valkey import EmbeddedValkey
from bot.schema.migrate import upgrade_database
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database

_CALM_S = 60.0
"""Talk before the broadcast. Each web asks the sentence model once about each of 1,700 texts, which takes it half a minute."""
_LOOK_S = 2.0
_SAY_S = 30.0
_SHOWN_S = 20
_LONGEST_STILL_S = 120.0
_QUOTA = {"daily": {"/cgi-bin/message/template/send": None}}
"""A verified account begins with 100,000 template messages a day; a province's has more than it has followers."""
_AWAKE = "UPDATE members SET quiet_from = 0, quiet_until = 0"
_NICENESS_OF_WECHAT = 5
"""WeChat would be elsewhere: here it takes what the people who write leave, as the workers do that it answers."""
_CONFIGURATION = ("shared_buffers = 1GB", "max_wal_size = 4GB", "checkpoint_timeout = 15min")
CORES = 8
"""Of one of the three machines of the arithmetic."""


@dataclass(slots=True)
class Used:
    """Processor seconds and the most memory of each part, while the broadcast went out."""

    processor_s: dict[str, float] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Figures:
    """What was measured."""

    members: int
    seconds: float
    listed_s: float
    sent: int
    doubles: int
    calm: list[float]
    times: list[float]
    kinds: Counter[str]
    by_time: list[tuple[int, float, float]]
    used: Used
    sizes_mb: Mapping[str, tuple[float, float]]

    def __str__(self) -> str:
        messages = len(self.times)
        lines = [
            f"{self.members:,} members: {self.sent:,} sent in {self.seconds:.0f} s = {self.sent / self.seconds:,.0f}/s "
            f"(all listed after {self.listed_s:.0f} s); got two: {self.doubles}",
            f"messages before it: {_quantiles(self.calm)}",
            f"messages beside it: {messages:,} = {messages / self.seconds:,.0f}/s, {_quantiles(self.times)}, {dict(self.kinds)}",
            f"p99 (longest) of each {_SHOWN_S} s, ms: "
            + ", ".join(f"{second} s {p99:.0f} ({most:.0f})" for second, p99, most in self.by_time),
            "processor seconds: " + ", ".join(f"{name} {s:.0f}" for name, s in self.used.processor_s.items()),
            "most memory, MB: " + ", ".join(f"{name} {mb:.0f}" for name, mb in self.used.memory_mb.items()),
            "database, MB: "
            + ", ".join(f"{name} {a:.0f} → {b:.0f}" for name, (a, b) in self.sizes_mb.items()),
        ]
        return "\n".join([*lines, *self._arithmetic()])

    def _arithmetic(self) -> list[str]:
        used, messages = self.used.processor_s, max(1, len(self.times))
        a_send = (used["worker"] + used["scheduler"]) / self.sent
        a_row = used["postgresql"] / self.sent
        a_message = used["web"] / messages
        return [
            f"a send costs {a_send * 1e6:.0f} µs of a worker and {a_row * 1e6:.0f} µs of PostgreSQL, a message "
            f"{a_message * 1e6:.0f} µs of a web",
            f"three machines of {CORES} cores, a third of one for PostgreSQL alone and half of each of the others for either "
            f"role: {CORES / a_message / 2:,.0f} messages and {min(CORES / a_send, CORES / a_row) / 2:,.0f} sends a second",
        ]


class Province:
    """One run."""

    def __init__(self, folder: Path, members: int, per_s: float, rate: float) -> None:
        self._folder = folder
        self._members = members
        self._per_s = per_s
        self._rate = rate
        self._node = PostgresNode(folder / "postgres")
        self._used = Used()

    async def play(self) -> Figures:
        """Fill, start, talk, broadcast, count."""
        async with AsyncExitStack() as stack:
            database = await self._database(stack)
            valkey = stack.enter_context(EmbeddedValkey(self._folder / "valkey"))
            bot = Installation(self._folder / "bot", self._url(), valkey.url, rate=self._rate)
            stack.push_async_callback(bot.stop)
            await bot.start_wechat()
            await bot.start()
            psutil.Process(bot.processes["wechat"].pid).nice(_NICENESS_OF_WECHAT)
            crowd = {"prefix": "oWx", "first": 1, "count": self._members}
            await bot.wechat("POST", "people", crowd)
            await bot.wechat("PUT", "rules", _QUOTA)
            _say("filled and started")
            async with self._talking(bot) as heard:
                await asyncio.sleep(_CALM_S)
                return await self._broadcast(bot, valkey, database, heard)

    async def _database(self, stack: AsyncExitStack) -> Database:
        await self._node.make(*_CONFIGURATION)
        await self._node.start()
        stack.push_async_callback(self._node.kill)
        await self._node.sql("CREATE DATABASE policybot")
        database = Database.open(self._url(), statement_s=None)
        stack.push_async_callback(database.close)
        await upgrade_database(database)
        await PolicyStore(database, system_clock).seed(load_library(), load_district())
        await fill(database, self._members)
        async with database.write() as session:
            await session.execute(text(_AWAKE))
        await self._node.sql("VACUUM (ANALYZE) members", "SELECT 1", database="policybot")
        return database

    def _url(self) -> str:
        return f"postgresql+asyncpg://postgres@{HOST}:{self._node.port}/policybot"

    @asynccontextmanager
    async def _talking(self, bot: Installation) -> AsyncIterator["_Heard"]:
        command = (
            sys.executable,
            "-m",
            "bench.load.steady_talk",
            bot.callback_url,
            str(self._per_s),
            str(self._members),
        )
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
        )
        heard = _Heard(process)
        try:
            yield heard
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _broadcast(
        self, bot: Installation, valkey: EmbeddedValkey, database: Database, heard: "_Heard"
    ) -> Figures:
        before = await self._sizes()
        parts = self._parts(bot, valkey)
        at_first = {name: _processor(processes) for name, processes in parts.items()}
        began = time.monotonic()
        await _make(database)
        listed_s = 0.0
        progress = _Progress()
        while True:
            await asyncio.sleep(_LOOK_S)
            self._note_memory(parts)
            progress.note((await bot.wechat("GET", "stats"))["delivered"])
            async with database.read() as session:
                status, listing = (
                    await session.execute(select(Campaign.status, Campaign.snapshot_state))
                ).one()
            if listing == "complete" and not listed_s:
                listed_s = time.monotonic() - began
                _say(f"listed after {listed_s:.0f} s")
            if status == "done":
                break
        seconds = time.monotonic() - began
        parts = self._parts(bot, valkey)
        self._used.processor_s = {
            name: _processor(processes) - at_first[name] for name, processes in parts.items()
        }
        calm, times, kinds, by_time = await heard.end()
        stats = await bot.wechat("GET", "stats")
        after = await self._sizes()
        return Figures(
            members=self._members,
            seconds=seconds,
            listed_s=listed_s,
            sent=stats["delivered"],
            doubles=stats["doubles"],
            calm=calm,
            times=times,
            kinds=kinds,
            by_time=by_time,
            used=self._used,
            sizes_mb={name: (before[name], after[name]) for name in after},
        )

    def _parts(self, bot: Installation, valkey: EmbeddedValkey) -> dict[str, list[psutil.Process]]:
        parts: dict[str, list[psutil.Process]] = {}
        for name, process in bot.processes.items():
            parts.setdefault(name.split(maxsplit=1)[0], []).append(psutil.Process(process.pid))
        return parts | {"postgresql": self._node.processes(), "valkey": [psutil.Process(valkey.pid)]}

    def _note_memory(self, parts: Mapping[str, Iterable[psutil.Process]]) -> None:
        for name, processes in parts.items():
            if name == "postgresql":  # its processes share most of it
                continue
            for process in processes:
                most = self._used.memory_mb.get(name, 0.0)
                self._used.memory_mb[name] = max(most, process.memory_info().rss / 1e6)

    async def _sizes(self) -> dict[str, float]:
        sizes: dict[str, Any] = {"all": "pg_database_size('policybot')"}
        sizes |= {
            table: f"pg_total_relation_size('{table}')"
            for table in ("members", "subscriptions", "deliveries")
        }
        return {
            name: float(await self._node.sql(f"SELECT {size}", database="policybot")) / 1e6
            for name, size in sizes.items()
        }


class _Progress:
    """Says how many are sent, and ends a run that stands still."""

    def __init__(self) -> None:
        self._sent = -1
        self._moved_at = self._said_at = time.monotonic()

    def note(self, sent: int) -> None:
        """Note how many are sent by now.

        Raises:
            RuntimeError: none was sent for two minutes.
        """
        now = time.monotonic()
        if sent != self._sent:
            self._sent, self._moved_at = sent, now
        if now - self._moved_at > _LONGEST_STILL_S:
            raise RuntimeError(f"nothing was sent for {_LONGEST_STILL_S:.0f} s after {sent:,}: see the logs")
        if now - self._said_at >= _SAY_S:
            self._said_at = now
            _say(f"{sent:,} sent")


class _Heard:
    """What the talking process tells at its end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def end(self) -> tuple[list[float], list[float], Counter[str], list[tuple[int, float, float]]]:
        """Times before and beside the broadcast, what the answers beside it were, and p99 and the longest of each part."""
        self._process.send_signal(signal.SIGTERM)
        said, _ = await self._process.communicate()
        calm: list[float] = []
        times: list[float] = []
        kinds: Counter[str] = Counter()
        parts: dict[int, list[float]] = {}
        for second, took, counted in json.loads(said):
            if second < 3:  # connections are made
                continue
            parts.setdefault(second // _SHOWN_S * _SHOWN_S, []).extend(took)
            if second < _CALM_S - 1:
                calm += took
            else:
                times += took
                kinds.update(counted)
        by_time = [
            (second, _quantile(sorted(took), 0.99), max(took)) for second, took in sorted(parts.items())
        ]
        return sorted(calm), sorted(times), kinds, by_time


async def _make(database: Database) -> None:
    async with database.write() as session:
        new = NewCampaign(
            key="to the whole province",
            kind=AlertKind.ANNOUNCEMENT,
            content=Content(title="关于申报的公告", summary="请按时申报。", body="请按时申报。"),
            audience=Audience(everyone=True),
        )
        await create_campaign(session, new, system_clock())


def _processor(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def _quantiles(times: list[float]) -> str:
    if not times:
        return "none"
    over = sum(one > 5_000 for one in times)
    p50, p99 = _quantile(times, 0.5), _quantile(times, 0.99)
    return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {times[-1]:.0f} ms, over 5 s: {over}"


def _quantile(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]


def _say(what: str) -> None:
    print(f"{time.strftime('%X')} {what}", flush=True)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--members", type=int, default=1_000_000)
    options.add_argument("--messages", type=float, default=500, help="a second")
    options.add_argument(
        "--rate", type=float, default=1_200, help="sends a second over all workers; 0: no limit"
    )
    chosen = options.parse_args()
    os.environ.setdefault("PYTHONPATH", str(Path.cwd()))
    with tempfile.TemporaryDirectory(prefix="province-", ignore_cleanup_errors=True) as folder:
        print(asyncio.run(Province(Path(folder), chosen.members, chosen.messages, chosen.rate).play()))


if __name__ == "__main__":
    main()
