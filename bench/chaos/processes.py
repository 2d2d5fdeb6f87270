"""The processes that a run kills, and the sandbox that it doesn't."""

import asyncio
import multiprocessing
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import uvloop
from prometheus_client import CollectorRegistry

from alerts.channels.outlet import Outlet
from alerts.channels.template.settings import Templates
from alerts.lease.schedule import Job, run_schedule
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.sending.metrics import DeliveryMetrics
from alerts.worker.worker import WorkerParts, run
from bench.chaos.plans import Plan
from bench.ports import unused_port
from sandbox.__main__ import main as play_wechat
from sandbox.addresses import API_PREFIX
from sandbox.credentials import sandbox_credentials
from sandbox.platform.features.templates import sandbox_template_settings
from storage.clock import system_clock
from storage.redis.client import open_redis
from storage.sql.database import Database
from wechat.account import Account
from wechat.api.client import WeChatClient
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport, open_http_client

_SECRET = "chaos" * 8
_HOST = "127.0.0.1"
_START_S = 60


async def _worker(plan: Plan, urls: Mapping[str, str]) -> None:
    database, redis, http = Database.open(urls["database"]), open_redis(urls["redis"]), open_http_client()
    credentials = sandbox_credentials(_SECRET.encode())
    transport = Transport(http, urls["api"], timeout_s=plan.timing.request_s)
    tokens = AccessTokens(transport, credentials.app_id, credentials.app_secret, redis)
    client = WeChatClient(transport, tokens)
    settings = sandbox_template_settings() if plan.by == "template" else {}
    outlet = Outlet(client, Account(credentials.app_id), Templates(settings), "http://127.0.0.1")
    metrics = DeliveryMetrics.register(CollectorRegistry())
    await run(
        WorkerParts(database, redis, outlet, system_clock, metrics, rate_per_s=plan.rate, timing=plan.timing)
    )


async def _scheduler(_plan: Plan, urls: Mapping[str, str]) -> None:
    database = Database.open(urls["database"])
    progress = CampaignProgress(database, system_clock)
    jobs = [Job(run.__name__, 0.3, run) for run in (progress.start, progress.list_all, progress.finish)]
    await run_schedule(database, jobs, secrets.token_hex(4), lease_seconds=2)


_ROLES = {"worker": _worker, "scheduler": _scheduler}
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bench.chaos.run"])
"""Every process is a fork of one that has everything loaded: a start costs nothing, and a kill is a kill."""


def fork(role: str, plan: Plan, urls: Mapping[str, str], log: Path) -> ForkServerProcess:
    """A process of a role (`worker`, `scheduler`) that has not begun yet; its output goes to `log`."""
    return _FORKS.Process(target=_as_process, args=(role, plan, urls, log), daemon=True)


def _as_process(role: str, plan: Plan, urls: Mapping[str, str], log: Path) -> None:
    _write_to(log)
    uvloop.run(_ROLES[role](plan, urls))


def _write_to(log: Path) -> None:
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())


@asynccontextmanager
async def sandbox_process(log: Path) -> AsyncIterator[str]:
    """The API in a process of its own; its base."""
    port = unused_port()
    process = _FORKS.Process(target=_as_sandbox, args=(port, log), daemon=True)
    await asyncio.to_thread(process.start)
    try:
        async with asyncio.timeout(_START_S):
            while not await _answers(port):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.02)
        yield f"http://{_HOST}:{port}{API_PREFIX}"
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def _as_sandbox(port: int, log: Path) -> None:
    _write_to(log)
    os.environ["BOT_SECRET_KEY"] = _SECRET
    play_wechat(port, _HOST)


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(_HOST, port)
    except OSError:
        return False
    writer.close()
    return True
