"""The robot of an operators' group, played on a loopback port."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def played_group(hear: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """Let `hear` answer what is sent to the group; the address of its robot, with the key in it."""
    app = web.Application()
    app.router.add_post("/send", hear)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}/send?key=secret"
    await runner.cleanup()
