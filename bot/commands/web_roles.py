"""`policybot up` and `web`: the processes that answer."""

import os
import tempfile
from contextlib import ExitStack
from typing import Annotated

import typer
import uvloop

from bot.commands.begin import Parent, begin, begin_role
from bot.data_folder import Running
from bot.listening import listen
from bot.process import BadSettingsError, data_folder
from bot.serving import Roles, serve, serve_children
from bot.valkey import EmbeddedValkey
from bot.web_serving import web_part


def register(app: typer.Typer) -> None:
    """Add `up` and `web`."""
    app.command()(up)
    app.command()(web)


def up() -> None:
    """Run everything in one process tree, embedded database and Valkey included; Ctrl-C stops it."""
    settings = begin()
    folder = data_folder(settings)
    with ExitStack() as stack:
        stack.enter_context(folder.locked())
        port = stack.enter_context(listen(settings))
        settings = settings.model_copy(update={"port": port.getsockname()[1]})
        valkey = None
        if not settings.redis_url:
            valkey = stack.enter_context(EmbeddedValkey(folder.valkey_path))
            settings = settings.model_copy(update={"redis_url": valkey.url})
        folder.announce(Running(os.getpid(), settings.port, settings.redis_url))
        stack.callback(folder.withdraw)
        roles = Roles(web=web_part(port, greet=True), scheduler=True, worker_child=True, valkey=valkey)
        uvloop.run(serve(settings, roles))


def web(
    workers: Annotated[int, typer.Option(min=1, help="processes on the one port")] = 1, parent: Parent = 0
) -> None:
    """Answer WeChat, the pages, the desk and the API."""
    settings = begin_role()
    if workers == 1:
        with listen(settings, shared=bool(parent)) as port:
            uvloop.run(serve(settings, Roles(web=web_part(port), parent=parent)))
        return
    if settings.sandbox_open:
        raise BadSettingsError(
            "BOT_SANDBOX: the sandbox lives in one process; set BOT_SANDBOX=0, or --workers 1"
        )
    listen(settings).close()  # a taken port is one error here, not one of each worker
    with tempfile.TemporaryDirectory(prefix="policybot-metrics-") as shared_metrics:
        uvloop.run(serve_children(["web"], workers, shared_metrics))
