"""One bad day: everything starts, each failure comes once while a broadcast goes out and people write, and all is counted.

The sandbox counts what arrived; the bot's own ledger is only compared with it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, insert, select

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Campaign, Delivery
from bench.cluster.postgres import PostgresPair
from bench.cluster.redis_servers import Servers
from bench.cluster.sentinels import SentinelTrio
from bench.failover.failures import Failure, Machines
from bench.failover.installation import Installation
from bench.failover.talk import PREFIX as TALKING
from bench.failover.talk import Talk
from bot.schema.migrate import upgrade_database
from sandbox.api.control import crowd_openid
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member, Subscription

PREFIX = "oFAIL"
_LOOK_S = 0.2
_LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much goes on.

    Attributes:
        sends: recipients of the broadcast.
        messages: that people write meanwhile; `people` of them.
        calm_s: between two failures.
        change_s: about how long one of them takes to begin and to end.
        forked: see `Installation`; for failures that set no clock.
    """

    sends: int
    messages: int
    people: int
    failures: Sequence[Failure]
    calm_s: float = 4.0
    change_s: float = 4.0
    forked: bool = False

    @property
    def seconds(self) -> float:
        """About how long the failures take."""
        return sum(one.lasts_s + self.calm_s + self.change_s for one in self.failures)


@dataclass(slots=True)
class Felt:
    """What one failure did.

    Attributes:
        seen: counts of what messages brought, by kind.
        slowest_s: the longest that one of them waited for an answer at once.
        stalled_s: the longest time in which nothing was sent.
        recovered_s: from its begin until every message was answered at once again; 0: all were.
    """

    name: str
    seen: Counter[str]
    slowest_s: float
    stalled_s: float
    recovered_s: float


@dataclass(slots=True)
class Report:
    """What was found at the end. `forgotten`: changes that a person was told of and that the database lacks."""

    seconds: float = 0
    felt: list[Felt] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    doubles: int = 0
    swallowed: int = 0
    lost: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    followed_up: int = 0
    forgotten: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def problems(self, plan: Plan) -> list[str]:
        """What breaks the promise; none, where it was kept."""
        open_rows = sum(
            self.states[state.value] for state in (RowState.PENDING, RowState.CLAIMED, RowState.TRYING)
        )
        checks = {
            f"{open_rows} rows were never settled": open_rows == 0,
            f"{self.states.total()} rows for {plan.sends} recipients": self.states.total() == plan.sends,
            f"{self.lost} are lost": self.lost == 0,
            f"{self.doubles} got it twice": self.doubles == 0,
            f"{self.states[RowState.FAILED.value]} failed": self.states[RowState.FAILED.value] == 0,
            f"{self.seen.total()} of {plan.messages} messages": self.seen.total() == plan.messages,
            f"{self.seen['fault']} messages brought WeChat's own line": self.seen["fault"] == 0,
            f"{len(self.forgotten)} confirmed changes are gone, as {self.forgotten[:3]}": not self.forgotten,
            f"these ended by themselves: {', '.join(self.ended)}": not self.ended,
        }
        return [problem for problem, held in checks.items() if not held]

    def __str__(self) -> str:
        rows = [
            "| failure | at once | late | asked to send again | slowest answer | sends stood still | chat as before after |",
            "|---|---|---|---|---|---|---|",
        ]
        rows += [
            f"| {one.name} | {one.seen['answered']} | {one.seen['late']} | {one.seen['sorry']} | {one.slowest_s:.1f} s "
            f"| {one.stalled_s:.1f} s | {one.recovered_s:.1f} s |"
            for one in self.felt
        ]
        states = ", ".join(f"{state} {n:,}" for state, n in sorted(self.states.items()))
        rows += [
            "",
            f"{self.seconds:.0f} s; sends: {states}; lost {self.lost}, got two {self.doubles}, repeats that WeChat's memory "
            f"swallowed {self.swallowed}; messages: {dict(self.seen)}, of the late ones {self.followed_up} followed by "
            f"themselves; confirmed changes that are gone {len(self.forgotten)}",
        ]
        return "\n".join(rows)


async def run(plan: Plan, folder: Path) -> Report:
    """Play the plan on servers of its own under `folder`, which every user may enter."""
    async with AsyncExitStack() as stack:
        (folder / "redis").mkdir()
        servers = Servers(folder / "redis")
        stack.push_async_callback(servers.end)
        bot = Installation(folder / "bot", rate=plan.sends / plan.seconds, forked=plan.forked)
        stack.push_async_callback(bot.kill)
        redis, postgres, _ = await asyncio.gather(
            SentinelTrio.start(servers), PostgresPair.start(folder / "postgres"), bot.start_wechat()
        )
        bot.database_url, bot.redis_url = postgres.url(), redis.url()
        stack.push_async_callback(redis.end)
        stack.push_async_callback(postgres.end)
        database = Database.open(postgres.url())
        stack.push_async_callback(database.close)
        await upgrade_database(database)
        await bot.start()
        return await _Day(plan, Machines(postgres, redis, bot), database).play()


class _Day:
    def __init__(self, plan: Plan, machines: Machines, database: Database) -> None:
        self._plan = plan
        self._machines = machines
        self._bot = machines.bot
        self._database = database
        self._talk = Talk(self._bot, plan.people, plan.messages, plan.messages / plan.seconds)
        self._arrivals: list[tuple[float, int]] = []
        self._spans: list[tuple[str, float, float]] = []

    async def play(self) -> Report:
        began = time.monotonic()
        await self._prepare()
        watching = asyncio.create_task(self._watch())
        await self._until_begun()
        talking = asyncio.create_task(self._talk.run())
        for failure in self._plan.failures:
            if failure.possible():
                await self._strike(failure)
        await talking
        with suppress(TimeoutError):  # the report says what is not settled
            async with asyncio.timeout(_LONGEST_WAIT_S + self._plan.sends / 40):
                await self._until_settled()
        watching.cancel()
        report = await self._count()
        report.seconds = time.monotonic() - began
        return report

    async def _prepare(self) -> None:
        now = system_clock()
        await self._bot.wechat("POST", "people", {"prefix": PREFIX, "count": self._plan.sends})
        await self._bot.wechat(
            "POST", "people", {"prefix": TALKING, "count": self._plan.people, "window": True}
        )
        member = {"followed_at": now, "quiet_from": 0, "quiet_until": 0}
        people = [crowd_openid(PREFIX, number) for number in range(self._plan.sends)]
        people += [crowd_openid(TALKING, number) for number in range(self._plan.people)]
        async with self._database.write() as session:
            for start in range(0, len(people), 5_000):
                rows = [{"openid": openid, **member} for openid in people[start : start + 5_000]]
                await session.execute(insert(Member), rows)
            new = NewCampaign(
                key="a bad day",
                kind=AlertKind.ANNOUNCEMENT,
                content=Content(title="关于申报的公告", summary="请按时申报。", body="请按时申报。"),
                audience=Audience(everyone=True),
            )
            await create_campaign(session, new, now)

    async def _strike(self, failure: Failure) -> None:
        begin = time.monotonic()
        await failure.begin(self._machines)
        await asyncio.sleep(failure.lasts_s)
        await failure.end(self._machines)
        await asyncio.sleep(self._plan.calm_s)
        self._spans.append((failure.name, begin, time.monotonic()))

    async def _watch(self) -> None:
        while True:
            arrived = (await self._bot.wechat("GET", "stats"))["by_way"].get("template", 0)
            self._arrivals.append((time.monotonic(), int(arrived)))
            await asyncio.sleep(_LOOK_S)

    async def _until_begun(self) -> None:
        while not self._arrivals or self._arrivals[-1][1] < self._plan.sends / 100:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.1)

    async def _until_settled(self) -> None:
        done = select(func.count()).select_from(Campaign).where(Campaign.status == "done")
        while True:
            async with self._database.read() as session:
                if await session.scalar(done):
                    return
            await asyncio.sleep(0.3)

    async def _count(self) -> Report:
        stats = await self._bot.wechat("GET", "stats")
        reached: Counter[str] = Counter()
        for start in range(0, stats["delivered"], 10_000):
            page = await self._bot.wechat("GET", f"deliveries?from={start}")
            reached.update({openid for openid, _ in page["deliveries"]})
        states = select(Member.openid, Delivery.state).join(Member, Member.id == Delivery.member_id)
        async with self._database.read() as session:
            rows = [row for row in await session.execute(states) if row[0].startswith(PREFIX)]
        return Report(
            felt=[self._felt(*span) for span in self._spans],
            states=Counter(state for _, state in rows),
            doubles=sum(openid.startswith(PREFIX) for openid, _ in stats["double_keys"]),
            swallowed=stats["swallowed"],
            lost=sum(state == RowState.SENT.value and openid not in reached for openid, state in rows),
            seen=Counter(one.kind for one in self._talk.seen),
            followed_up=stats["by_way"].get("custom", 0),
            forgotten=await self._forgotten(),
            ended=self._bot.ended(),
        )

    async def _forgotten(self) -> list[str]:
        followed = select(Member.openid, Subscription.track_id).join(
            Member, Member.id == Subscription.member_id
        )
        async with self._database.read() as session:
            found = {(openid, track) for openid, track in await session.execute(followed)}
        gone = [
            (openid, track)
            for openid, tracks in self._talk.wanted.items()
            for track, wanted in tracks.items()
            if ((openid, track) in found) != wanted
        ]
        return [self._talk.told[one] for one in gone]

    def _felt(self, name: str, begin: float, end: float) -> Felt:
        seen = list(self._talk.between(begin, end))
        unlike = [one.at + one.seconds - begin for one in seen if one.kind != "answered"]
        return Felt(
            name,
            Counter(one.kind for one in seen),
            max((one.seconds for one in seen), default=0.0),
            _longest_stall(self._arrivals, begin, end),
            max(unlike, default=0.0),
        )


def _longest_stall(arrivals: Sequence[tuple[float, int]], begin: float, end: float) -> float:
    """Seconds of the longest span without an arrival."""
    longest, last_at, last = 0.0, begin, -1
    for at, arrived in arrivals:
        if not begin <= at <= end:
            continue
        if arrived != last:
            longest, last_at, last = max(longest, at - last_at), at, arrived
    return max(longest, (end - last_at) if last >= 0 else 0.0)
