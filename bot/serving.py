"""One process of the house: its roles, from the first connection to a stop that finishes what it began."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot import background
from bot.background import Work
from bot.children import keep_running, parent_gone
from bot.metrics import MULTIPROCESS_DIR
from bot.services import Services, open_services
from bot.settings import Settings
from bot.valkey import EmbeddedValkey
from storage.ending import end

_FINISH_S = 20.0
"""A worker's end, with what it has sent still to be answered and written down, takes no longer."""
WebPart = Callable[[Services, AsyncExitStack], Awaitable[list[Work]]]


@dataclass(frozen=True, slots=True)
class Roles:
    """What this process does.

    Attributes:
        web: opens what a web process needs, begins to answer, and gives what it keeps doing besides.
        worker: send what is due.
        scheduler: find what is due, while holding the lease.
        worker_child: keep a worker running in a process of its own.
        valkey: the embedded server to keep running.
        parent: stop when this process is gone; 0: nobody's child.
    """

    web: WebPart | None = None
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
        work = _work(services, roles)
        if roles.web is not None:
            work += await roles.web(services, stack)
        tasks = [asyncio.ensure_future(one) for one in work]
        stack.push_async_callback(end, tasks, again_s=_FINISH_S)
        for task in tasks:
            task.add_done_callback(lambda done: stop.set() if not done.cancelled() else None)
        gc.freeze()  # a walk of the collector over all that was built for good holds up every answer
        await stop.wait()
    _raise_first_failure(tasks)


async def serve_children(arguments: list[str], count: int, shared_metrics: str) -> None:
    """Keep `count` children of one command running until a signal."""
    stop = _stop_signal()
    environment = {MULTIPROCESS_DIR: shared_metrics}
    children = [asyncio.ensure_future(keep_running(arguments, environment)) for _ in range(count)]
    await stop.wait()
    await end(children, again_s=_FINISH_S)


def _work(services: Services, roles: Roles) -> list[Work]:
    work = background.always(services)
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


def _raise_first_failure(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        if not task.cancelled() and (error := task.exception()):
            raise error
