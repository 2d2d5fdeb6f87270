"""The web role: opens the conversation, builds the application, serves on the port."""

import socket
from contextlib import AsyncExitStack

import structlog
from aiohttp import web

from bot.http.connections import connection_limit, serve_connections
from bot.roles.background import Work
from bot.roles.conversation import open_conversation
from bot.roles.serving import WebPart
from bot.roles.web_app import make_app
from bot.runtime.listening import BACKLOG
from bot.runtime.services import Services

_FINISH_S = 15.0

_log = structlog.stdlib.get_logger(__name__)


def web_part(port: socket.socket, *, greet: bool = False) -> WebPart:
    """Return the web role on a listening socket; with `greet` it prints the address of the sandbox."""

    async def begin(services: Services, stack: AsyncExitStack) -> list[Work]:
        conversation = await stack.enter_async_context(open_conversation(services))
        for followed in conversation.followed():
            services.poll.follow(followed)
        app = make_app(services, conversation)
        runner = web.AppRunner(app, shutdown_timeout=_FINISH_S)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        server = await serve_connections(runner, port, backlog=BACKLOG, most=connection_limit())
        stack.callback(server.close)
        url = services.settings.effective_public_url
        _log.info("web.ready", url=url)
        if greet and services.settings.sandbox_open:
            print(f"\n  A WeChat on your desk:  {url}/sandbox\n  Stop with Ctrl-C.\n", flush=True)  # noqa: T201
        return conversation.background()

    return begin
