"""One process of the house: its roles, from the first connection to a stop that finishes what it began."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot import background
from bot.app import make_app
from bot.background import Work
from bot.children import keep_running, parent_gone
from bot.listening import BACKLOG
from bot.metrics import MULTIPROCESS_DIR
from bot.services import Services, open_services
from bot.settings import Settings
from bot.valkey import EmbeddedValkey

_FINISH_S = 15.0

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Roles:
    """What this process does.

    Attributes:
        web: the listening socket to answer on.
        worker: send what is due.
        scheduler: find what is due, while holding the lease.
        worker_child: keep a worker running in a process of its own.
        valkey: the embedded server to keep running.
        parent: stop when this process is gone; 0: nobody's child.
    """

    web: socket.socket | None = None
    worker: bool = False
    scheduler: bool = False
    worker_child: bool = False
    valkey: EmbeddedValkey | None = None
    parent: int = 0


async def serve(settings: Settings, roles: Roles) -> None:
    """Run the roles until a signal, or until the parent is gone; then finish what was begun."""
    stop = _stop_signal()
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(settings))
        tasks = [asyncio.ensure_future(work) for work in _work(services, roles)]
        stack.push_async_callback(_end, tasks)
        for task in tasks:
            task.add_done_callback(lambda done: stop.set() if not done.cancelled() else None)
        if roles.web is not None:
            runner = web.AppRunner(make_app(services), access_log=None, shutdown_timeout=_FINISH_S)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.SockSite(runner, roles.web, backlog=BACKLOG).start()
            log.info("ready", url=settings.effective_public_url)
        if roles.worker_child and settings.sandbox_open:
            _greet(settings)
        await stop.wait()
    _raise_first_failure(tasks)


async def serve_children(arguments: list[str], count: int, shared_metrics: str) -> None:
    """Keep `count` children of one command running until a signal."""
    stop = _stop_signal()
    environment = {MULTIPROCESS_DIR: shared_metrics}
    children = [asyncio.ensure_future(keep_running(arguments, environment)) for _ in range(count)]
    await stop.wait()
    await _end(children)


def _work(services: Services, roles: Roles) -> list[Work]:
    work = background.always(services)
    if roles.web is not None:
        work += background.of_web(services)
    if roles.scheduler:
        work += background.of_scheduler(services)
    if roles.worker:
        work += background.of_worker(services)
    if roles.worker_child:
        shared = {"BOT_REDIS_URL": services.settings.redis_url, "BOT_PORT": str(services.settings.port)}
        work.append(keep_running(["worker"], shared))
    if roles.valkey is not None:
        work.append(roles.valkey.keep_running())
    if roles.parent:
        work.append(parent_gone(roles.parent))
    return work


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _end(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _raise_first_failure(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        if not task.cancelled() and (error := task.exception()):
            raise error


def _greet(settings: Settings) -> None:
    print(  # noqa: T201 - the one line a newcomer looks for
        f"\n  A WeChat on your desk:  {settings.effective_public_url}/sandbox\n  Stop with Ctrl-C.\n",
        flush=True,
    )
