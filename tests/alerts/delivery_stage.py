"""A stage for deliveries: a database, a Valkey, and the sandbox as WeChat; nothing of ours is pretended."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from prometheus_client import CollectorRegistry
from pyreqwest.client import Client
from redis.asyncio import Redis
from sqlalchemy import insert, select

from alerts.channels.outlet import Outlet
from alerts.channels.template.settings import Templates
from alerts.delivery.dispatcher import Dispatcher
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts, counts_of
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.rows.row_states import Timing
from alerts.model.tables import Campaign, Delivery
from alerts.sending.leases import Leases
from alerts.sending.metrics import DeliveryMetrics
from alerts.sending.openid_check import openid_check
from alerts.sending.rate import SharedRate
from alerts.sending.send_loop import SendLoop, Size
from alerts.worker.worker import WorkerParts
from sandbox.addresses import API_PREFIX, PREFIX
from sandbox.api.control import crowd_openid
from sandbox.app import make_sandbox
from sandbox.credentials import sandbox_credentials
from sandbox.platform.account import SandboxAccount
from sandbox.platform.features.templates import sandbox_template_settings
from sandbox.platform.sandbox_clock import LocalClock
from storage.clock import SHANGHAI, system_clock
from storage.sql.database import Database
from subscriptions.tables import Member
from wechat.account import Account, AccountKind
from wechat.api.client import WeChatClient
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport

PUBLIC_URL = "https://bot.example.test"
REMINDER_TEMPLATE = "sandbox-reminder".ljust(43, "0")
TEMPLATE = "/cgi-bin/message/template/send"
SIZE = Size()
QUICK = Timing(
    claim_s=20,
    try_s=8,
    request_s=3,
    queued_s=2,
    remembered_s=470,
    sweep_s=0.3,
    backoff_s=0.02,
    backoff_max_s=0.2,
    block_s=0.02,
    gather_s=0.001,
)


class Wechat:
    """The sandbox in this process, and its control plane."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self.base = base

    async def ask(self, method: str, name: str, body: Any = None) -> Any:
        """Ask the control plane."""
        async with self._http.request(method, f"{self.base}/_sim/{name}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def faults(self, *faults: Mapping[str, Any]) -> None:
        """Put these faults in force, and none else."""
        await self.ask("PUT", "faults", {"faults": list(faults)})

    async def stats(self) -> dict[str, Any]:
        """Every figure."""
        return dict(await self.ask("GET", "stats"))


@asynccontextmanager
async def wechat_on_the_desk(seed: int = 1) -> AsyncIterator[Wechat]:
    """The sandbox on a loopback port."""
    account = SandboxAccount(sandbox_credentials(b"stage"))
    sandbox = make_sandbox(account, callback_url="", clock=LocalClock(system_clock), seed=seed)
    app = web.Application()
    app.add_subapp(PREFIX, sandbox)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as http:
        yield Wechat(http, f"http://{host}:{port}{API_PREFIX}")
    await runner.cleanup()


class Stage:
    """Members, campaigns and one worker's parts."""

    def __init__(
        self,
        database: Database,
        redis: Redis,
        clock: Callable[[], datetime],
        wechat: Wechat,
        http: Client,
        timing: Timing = QUICK,
    ) -> None:
        self.database, self.redis, self.clock, self.wechat = database, redis, clock, wechat
        self.timing, self._http = timing, http
        credentials = sandbox_credentials(b"stage")
        self.client = self._client()
        self.outlet = Outlet(
            self.client,
            Account(credentials.app_id),
            Templates(sandbox_template_settings()),
            PUBLIC_URL,
        )
        self._registry = CollectorRegistry()
        self.metrics = DeliveryMetrics.register(self._registry)
        self._people = 0

    def _client(self) -> WeChatClient:
        credentials = sandbox_credentials(b"stage")
        transport = Transport(self._http, self.wechat.base, timeout_s=self.timing.request_s)
        tokens = AccessTokens(transport, credentials.app_id, credentials.app_secret, self.redis)
        return WeChatClient(transport, tokens)

    def patient(self) -> None:
        """An answer may take long, as it does where WeChat is slow and the machine busy."""
        self.timing = replace(self.timing, request_s=60, try_s=120, claim_s=120)
        self.client = self._client()
        self.outlet = replace(self.outlet, client=self.client)

    def without(self, *kinds: str) -> None:
        """No template is set for these kinds of alert; none named: for no kind at all."""
        settings = sandbox_template_settings()
        kept = {kind: entry for kind, entry in settings.items() if kinds and kind not in kinds}
        self.outlet = replace(self.outlet, templates=Templates(kept))

    def with_notification(self, *, lasting: bool = False) -> None:
        """Deadline alerts go by subscription notification only, of a one-time or a long-term template."""
        fields = {"thing1": "{title}", "time2": "{closes_on}", "thing3": "{summary}"}
        entry = {"subscribe": {"id": REMINDER_TEMPLATE, "fields": fields, "lasting": lasting}}
        self.outlet = replace(self.outlet, templates=Templates({"deadline": entry}))

    def account(self, kind: AccountKind, *, verified: bool = True) -> None:
        """Another kind of account."""
        self.outlet = replace(self.outlet, account=replace(self.outlet.account, kind=kind, verified=verified))

    async def members(
        self, n: int = 1, *, crowd: Mapping[str, Any] | None = None, **preferences: Any
    ) -> list[int]:
        """People who follow the account, on both sides; their ids."""
        first, self._people = self._people, self._people + n
        await self.wechat.ask("POST", "people", {"count": n, "first": first, **(crowd or {})})
        values = {"followed_at": self.clock(), "quiet_from": 0, "quiet_until": 0, **preferences}
        async with self.database.write() as session:
            return list(
                await session.scalars(
                    insert(Member).returning(Member.id, sort_by_parameter_order=True),
                    [{"openid": crowd_openid("oSIM", first + number), **values} for number in range(n)],
                )
            )

    async def campaign(
        self,
        members: Collection[int],
        *,
        kind: AlertKind = AlertKind.DEADLINE,
        key: str = "",
        channel: str = "auto",
        status: Status = Status.SENDING,
        content: Content | None = None,
        expires_at: datetime | None = None,
        closes_on: date | None = date(2026, 12, 20),
        everyone: bool = False,
    ) -> int:
        """A campaign whose recipients are listed; its id."""
        now = self.clock()
        content = content or Content(
            title="数字化改造补助", summary="", policy_id=7, closes_on=closes_on, body="通知正文"
        )
        new = NewCampaign(
            key=key or f"test:{random.random()}",
            kind=kind,
            content=content,
            audience=Audience(everyone=True) if everyone else Audience(members=tuple(members) or (1,)),
            channel=channel,
            status=status,
            closes_on=closes_on,
            expires_at=expires_at,
        )
        async with self.database.write() as session:
            campaign_id = await create_campaign(session, new, now)
            assert campaign_id is not None
            rows = [
                {"campaign_id": campaign_id, "member_id": member, "state": "pending", "next_attempt_at": now}
                for member in members
            ]
            if rows:
                await session.execute(insert(Delivery), rows)
            await add_counts(session, campaign_id, {"pending": len(rows)})
            campaign = await session.get_one(Campaign, campaign_id)
            campaign.snapshot_state = "complete"
        return campaign_id

    @asynccontextmanager
    async def delivering(self, *, rate: float = 0, size: Size = SIZE) -> AsyncIterator[Dispatcher]:
        """One worker's send loop, without queue and sweep."""
        send_loop = SendLoop(
            self.database,
            SharedRate(rate, self.redis),
            self.metrics,
            clock=self.clock,
            real_clock=system_clock,
            ask_openid=openid_check(self.outlet.client),
            rng=random.Random(1),
            timing=self.timing,
            size=size,
        )
        async with send_loop:
            yield Dispatcher(
                self.database,
                send_loop,
                self.outlet,
                Leases(self.database, self.timing),
                clock=self.clock,
                real_clock=system_clock,
                metrics=self.metrics,
                timing=self.timing,
            )

    async def deliver(self, campaign_id: int | None = None) -> int:
        """Deliver what is pending, once; how many rows were taken."""
        ids = [row.id for row in await self.rows(campaign_id) if row.state == "pending"]
        async with self.delivering() as dispatcher:
            return await dispatcher.deliver(ids)

    async def deliver_until_settled(self, campaign_id: int) -> None:
        """Deliver again and again until no row is open."""

        async def settled() -> bool:
            await self.deliver(campaign_id)
            return all(row.settled_at for row in await self.rows(campaign_id))

        await until(settled)

    async def rows(self, campaign_id: int | None = None) -> list[Delivery]:
        """Rows of the ledger, by id."""
        statement = select(Delivery).order_by(Delivery.id)
        if campaign_id is not None:
            statement = statement.where(Delivery.campaign_id == campaign_id)
        async with self.database.read() as session:
            return list(await session.scalars(statement))

    async def states(self, campaign_id: int | None = None) -> list[str]:
        """Their states."""
        statement = select(Delivery.state).order_by(Delivery.id)
        if campaign_id is not None:
            statement = statement.where(Delivery.campaign_id == campaign_id)
        async with self.database.read() as session:
            return list(await session.scalars(statement))

    async def counts(self, campaign_id: int) -> dict[str, int]:
        """The campaign's counters."""
        async with self.database.read() as session:
            return await counts_of(session, campaign_id)

    async def get(self, campaign_id: int) -> Campaign:
        """The campaign as it is now."""
        async with self.database.read() as session:
            return await session.get_one(Campaign, campaign_id)

    async def member(self, member_id: int) -> Member:
        """The member as they are now."""
        async with self.database.read() as session:
            return await session.get_one(Member, member_id)

    def measured(self, name: str, **labels: str) -> float:
        """What a metric says."""
        return self._registry.get_sample_value(name, labels) or 0

    def real_ago(self, seconds: float) -> datetime:
        """A real instant so long ago."""
        return system_clock() - timedelta(seconds=seconds)

    def worker(self, *, rate: float = 0, size: Size = SIZE) -> WorkerParts:
        """What a whole worker works with."""
        return WorkerParts(
            self.database,
            self.redis,
            self.outlet,
            self.clock,
            self.metrics,
            rate_per_s=rate,
            timing=self.timing,
            size=size,
        )


async def until(met: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait for a condition; the test fails where it is not met in time."""
    async with asyncio.timeout(seconds):
        while not await met():  # noqa: ASYNC110 - of another process or task
            await asyncio.sleep(0.02)


def open_windows(**left: int) -> dict[str, Any]:
    """Columns of a member who has just written (`message=5`) or tapped (`action=3`)."""
    until_then = system_clock() + timedelta(seconds=50)
    return {f"{pool}_until": until_then for pool in left} | {f"{pool}_left": n for pool, n in left.items()}


def at(day: date, hour: int = 10) -> datetime:
    """An instant in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


__all__ = ["SIZE", "TEMPLATE", "Stage", "Wechat", "at", "open_windows", "until", "wechat_on_the_desk"]
