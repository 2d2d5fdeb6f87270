"""Pages that stay open and are told of changes: they end when somebody leaves them and when the server stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

_STOPPING = web.AppKey("stopping", asyncio.Event)


def end_streams_at_stop(app: web.Application) -> None:
    """Let `looks` of this application end before the server waits for its requests."""
    app[_STOPPING] = asyncio.Event()

    async def stop(_: web.Application) -> None:
        app[_STOPPING].set()

    app.on_shutdown.append(stop)


async def looks(request: web.Request, every_s: float) -> AsyncIterator[None]:
    """Yield every `every_s` seconds, until the page is left or the server stops."""
    stopping = request.app[_STOPPING]
    while request.transport is not None and not stopping.is_set():
        yield
        with suppress(TimeoutError):
            async with asyncio.timeout(every_s):
                await stopping.wait()
