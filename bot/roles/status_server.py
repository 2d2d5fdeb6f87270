"""`/healthz`, `/readyz` and `/metrics` of a worker or scheduler, on a port of their own."""

import asyncio
from functools import partial

from aiohttp import web

from bot.http.health import Check, TakesWrites, health_routes, takes_commands
from bot.http.metrics import metrics_route
from bot.runtime.listening import listen
from bot.runtime.services import Services


async def serve_status(services: Services, port: int) -> None:
    """Serve until cancelled.

    Raises:
        PortTakenError: another program has the port.
    """
    checks: dict[str, Check] = {
        "database": TakesWrites(services.database),
        "redis": partial(takes_commands, services.redis),
    }
    app = web.Application()
    app.add_routes([*health_routes(checks), metrics_route(services.registry)])
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    with listen(services.settings.model_copy(update={"port": port})) as listening:
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
