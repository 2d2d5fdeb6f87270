"""`policybot up`, `web`, `worker`, `scheduler`: the processes of a deployment."""

import os
import tempfile
from contextlib import ExitStack
from typing import Annotated

import typer
import uvloop

from bot.data_folder import Running
from bot.listening import listen
from bot.logs import set_up_logs
from bot.process import BadSettingsError, data_folder, read_settings, redis_url
from bot.serving import Roles, serve, serve_children
from bot.settings import Settings
from bot.valkey import EmbeddedValkey

Parent = Annotated[int, typer.Option(hidden=True, help="stop when this process is gone")]


def register(app: typer.Typer) -> None:
    """Add the role commands."""
    app.command()(up)
    app.command()(web)
    app.command()(worker)
    app.command()(scheduler)


def up() -> None:
    """Run everything in one process tree, embedded database and Valkey included; Ctrl-C stops it."""
    settings = _begin()
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
        roles = Roles(web=port, scheduler=True, worker_child=True, valkey=valkey)
        uvloop.run(serve(settings, roles))


def web(
    workers: Annotated[int, typer.Option(min=1, help="processes on the one port")] = 1, parent: Parent = 0
) -> None:
    """Answer WeChat, the pages, the desk and the API."""
    settings = _begin_role()
    if workers == 1:
        with listen(settings, shared=bool(parent)) as port:
            uvloop.run(serve(settings, Roles(web=port, parent=parent)))
        return
    listen(settings).close()  # a taken port is one error here, not one of each worker
    with tempfile.TemporaryDirectory(prefix="policybot-metrics-") as shared_metrics:
        uvloop.run(serve_children(["web"], workers, shared_metrics))


def worker(parent: Parent = 0) -> None:
    """Send what the ledger says is due; any number, on any machine."""
    uvloop.run(serve(_begin_role(), Roles(worker=True, parent=parent)))


def scheduler(parent: Parent = 0) -> None:
    """Find what is due; any number, one of them holds the lease and ticks."""
    uvloop.run(serve(_begin_role(), Roles(scheduler=True, parent=parent)))


def _begin() -> Settings:
    settings = read_settings()
    set_up_logs(settings.log_level, settings.secrets())
    return settings


def _begin_role() -> Settings:
    settings = _begin()
    address = redis_url(settings)
    if not address:
        raise BadSettingsError("BOT_REDIS_URL: a role of its own needs a Redis that all roles share")
    return settings.model_copy(update={"redis_url": address})
