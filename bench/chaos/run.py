"""Kills what a plan says, and counts what became of every row."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Row, func, insert, select, text

from alerts.member.inbox import UNREAD
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import counts_of
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Campaign, Delivery
from bench.chaos.plans import Plan
from bench.chaos.processes import fork, sandbox_process
from bench.chaos.report import Report
from bench.cluster.redis_servers import HOST, Servers
from sandbox.api.control import crowd_openid
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member

_PREFIX = "oCHAOS"
_API = "/cgi-bin/message/"


class Chaos:
    """One run of a plan on a database."""

    def __init__(self, plan: Plan, database_url: str, api: str, valkey: Servers, log: Path) -> None:
        self._plan = plan
        (self._valkey_port,) = valkey.running
        self._urls = {"database": database_url, "api": api, "redis": f"redis://{HOST}:{self._valkey_port}/0"}
        self._api = api
        self._valkey = valkey
        self._database = Database.open(database_url)
        self._rng = random.Random(plan.seed)
        self._log = log
        self._processes: dict[str, ForkServerProcess] = {}
        self._watching: list[asyncio.Task[list[int]]] = []
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
        crowd = {"prefix": _PREFIX, "window": plan.by == "custom"}
        taking = plan.members - plan.refusing
        await self._sim("POST", "people", crowd | {"count": taking, "unfollowed": 0.01})
        if plan.refusing:
            await self._sim(
                "POST", "people", crowd | {"count": plan.refusing, "first": taking, "blocking": True}
            )
        await self._sim("PUT", "rules", {"memory_seconds": plan.memory_s, "seed": plan.seed})
        shares = {"reset_before": 0.01, "reset_after": 0.01, "silence": 0.01}
        faults = [
            {"path": _API, "kind": kind, "share": share, "seconds": plan.timing.request_s + 1}
            for kind, share in shares.items()
        ]
        faults.append({"path": _API, "kind": "errcode", "errcode": -1, "share": 0.05})
        await self._sim("PUT", "faults", {"faults": faults, "token_every": 5})
        window = (
            {"message_left": 5, "message_until": now + timedelta(hours=48)} if plan.by == "custom" else {}
        )
        async with self._database.write() as session:
            for start in range(0, plan.members, 5_000):
                numbers = range(start, min(start + 5_000, plan.members))
                row = {"followed_at": now, "quiet_from": 0, "quiet_until": 0, **window}
                await session.execute(
                    insert(Member), [{"openid": crowd_openid(_PREFIX, number), **row} for number in numbers]
                )
            new = NewCampaign(
                key="chaos",
                kind=AlertKind.DEADLINE,
                content=Content(
                    title="数字化改造补助", policy_id=7, closes_on=now.date() + timedelta(days=3)
                ),
                audience=Audience(everyone=True),
            )
            await create_campaign(session, new, now)

    async def _start(self, name: str) -> None:
        role = name.split(maxsplit=1)[0]
        process = fork(role, self._plan, self._urls, self._log)
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
        rows = select(Delivery.id, Delivery.claimed_by).where(Delivery.state == RowState.TRYING.value)
        async with self._database.read() as session:
            return {id_: run or "" for id_, run in await session.execute(rows)}

    async def _left_behind(self) -> list[int]:
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
                    Delivery.state.in_((RowState.PENDING.value, RowState.UNKNOWN.value)),
                    Delivery.tried_at.is_not(None),
                )
            )
            after |= {id_: run or "" for id_, run in taken_back}
        return [id_ for id_, run in before.items() if after.get(id_) == run]

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
                    await self._restart_valkey()
                case "database":
                    await self._cut_database()
                case "outage":
                    await self._kill_and_watch(names)
                    await asyncio.sleep(plan.outage_s)
                    await asyncio.gather(*(self._start(name) for name in names))

    async def _until_begun(self) -> None:
        while (await self._sim("GET", "stats"))["delivered"] < self._plan.members / 100:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.1)

    async def _restart_valkey(self) -> None:
        """It comes back without anything it knew."""
        await self._valkey.kill(self._valkey_port)
        await asyncio.sleep(0.5)
        await self._valkey.start(port=self._valkey_port)

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
        reached = {openid for openid, _ in await self._pages("deliveries")}
        left_behind = [id_ for rows in await asyncio.gather(*self._watching) for id_ in rows]
        doubted = set(await self._pages("doubted"))
        rows = select(Member.openid, Delivery.state, Delivery.id).join(
            Member, Member.id == Delivery.member_id
        )
        waiting = select(Member.openid).join(Delivery, Member.id == Delivery.member_id).where(UNREAD)
        async with self._database.read() as session:
            states = (await session.execute(rows)).all()
            in_inbox = set(await session.scalars(waiting))
            counts = await counts_of(session, 1)
        settled = Counter(state for _, state, _ in states)
        assert {state: n for state, n in counts.items() if state != "total"} == settled, (counts, settled)
        struck = stats["faults_struck"]
        return Report(
            self._plan.name,
            counts=counts,
            kills=self._kills,
            in_flight=len(left_behind),
            silent=sum(struck.get(kind, 0) for kind in ("silence", "reset_before", "reset_after")),
            unexplained=sum(
                state == RowState.UNKNOWN and openid not in doubted and id_ not in left_behind
                for openid, state, id_ in states
            ),
            doubles=stats["doubles"],
            swallowed=stats["swallowed"],
            oldest_swallowed_s=stats["oldest_swallowed_s"],
            lost=sum(state == RowState.SENT.value and openid not in reached for openid, state, _ in states)
            + (self._plan.members - len(states)),
            refused=self._refused(states, in_inbox),
            struck=struck,
        )

    def _refused(self, states: Sequence[Row[str, str, int]], in_inbox: set[str]) -> tuple[int, int, int]:
        plan = self._plan
        refusing = {crowd_openid(_PREFIX, n) for n in range(plan.members - plan.refusing, plan.members)}
        ends = Counter(
            "inbox" if state == RowState.UNREACHABLE and openid in in_inbox else state
            for openid, state, _ in states
            if openid in refusing
        )
        unknown = ends[RowState.UNKNOWN]
        return ends["inbox"], unknown, ends.total() - ends["inbox"] - unknown

    async def _pages(self, name: str) -> list[Any]:
        """All entries of a list of the sandbox, from its pages."""
        entries: list[Any] = []
        while True:
            page = await self._sim("GET", f"{name}?from={len(entries)}")
            entries += page[name]
            if not page[name]:
                return entries

    async def _sim(self, method: str, name: str, body: Any = None) -> Any:
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, f"{self._api}/_sim/{name}", json=body) as response,
        ):
            return await response.json()


async def run_plan(plan: Plan, database_url: str, folder: Path) -> Report:
    """Run one plan on a migrated, empty database; logs of the processes go to `folder`."""
    log = folder / "chaos.log"
    async with AsyncExitStack() as stack:
        valkey = Servers(folder)
        stack.push_async_callback(valkey.end)
        await valkey.start()
        api = await stack.enter_async_context(sandbox_process(log))
        return await Chaos(plan, database_url, api, valkey, log).run()
