"""One process with its roles: from the first connection to a stop that finishes what was begun."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import structlog

from bot.observability.tracing import traces
from bot.roles.background import Part, Work, common_work
from bot.roles.children import parent_gone
from bot.roles.huge_pages import use_huge_pages
from bot.roles.startup_gc import freeze_startup_objects, startup_gc
from bot.roles.stopping import stop_signal
from bot.runtime.process import unknown_variables
from bot.runtime.services import Services, open_services
from bot.runtime.settings import Settings
from storage.tasks.cancel_tasks import cancel_and_wait

_log = structlog.stdlib.get_logger(__name__)

_FINISH_S = 20.0
"""Seconds; a worker needs no longer to get the answers to what it has sent, and to write them down."""
WebPart = Callable[[Services, AsyncExitStack], Awaitable[list[Work]]]


@dataclass(frozen=True, slots=True)
class Roles:
    """What this process does.

    Attributes:
        web: opens what a web process needs, starts to serve, and returns its background work.
        parts: each returns the background work of another role.
        parent: the process id after whose end this process stops; 0: none.
        status_port: the port at which a process without a web role serves its health and metrics; 0: none.
    """

    web: WebPart | None = None
    parts: Sequence[Part] = ()
    parent: int = 0
    status_port: int = 0


async def serve(settings: Settings, roles: Roles) -> None:
    """Start, run the roles until a signal or the end of the parent, then finish what was begun.

    Raises:
        Exception: whatever a background task raised; its end stops the process.
    """
    if not roles.parent and (unknown := unknown_variables()):
        _log.warning("settings.unknown", names=unknown, remedy="mistyped? README lists the settings")
    stop = stop_signal()
    async with AsyncExitStack() as stack:
        stack.enter_context(traces())
        with startup_gc():
            services = await stack.enter_async_context(open_services(settings))
            work = _work(services, roles)
            if roles.web is not None:
                work += await roles.web(services, stack)
        tasks = [asyncio.ensure_future(one) for one in work]
        stack.push_async_callback(cancel_and_wait, tasks, again_s=_FINISH_S)
        for task in tasks:
            task.add_done_callback(lambda done: stop.set() if not done.cancelled() else None)
        freeze_startup_objects(people_wait=roles.web is not None)
        if roles.web is not None:
            await asyncio.to_thread(use_huge_pages)
        await stop.wait()
    _raise_first_failure(tasks)


def _work(services: Services, roles: Roles) -> list[Work]:
    work = [one for part in (common_work, *roles.parts) for one in part(services)]
    if roles.parent:
        work.append(parent_gone(roles.parent))
    if roles.status_port:
        from bot.roles.status_server import serve_status  # noqa: PLC0415 - aiohttp's server, which most workers don't need

        work.append(serve_status(services, roles.status_port))
    return work


def _raise_first_failure(tasks: Sequence[asyncio.Future[None]]) -> None:
    for task in tasks:
        if not task.cancelled() and (error := task.exception()):
            raise error
