"""`policybot up`: everything in one process tree."""

import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import FrameType
from typing import TYPE_CHECKING

import typer
import uvloop

from bot.commands.begin import begin
from bot.roles.children import MULTIPROCESS_DIR, keep_running
from bot.roles.startup_gc import startup_gc
from bot.runtime.data_folder import Running
from bot.runtime.listening import listen
from bot.runtime.process import data_folder
from bot.runtime.valkey import EmbeddedValkey

if TYPE_CHECKING:
    from bot.roles.background import Part, Work
    from bot.runtime.services import Services


def register(app: typer.Typer) -> None:
    """Add `up`."""
    app.command()(up)


def up() -> None:
    """Run everything in one process tree, embedded database and Valkey included; Ctrl-C stops it."""
    leaving = _leave_when_told()
    settings = begin()
    folder = data_folder(settings)
    with ExitStack() as stack, ThreadPoolExecutor(1) as beside:
        stack.enter_context(folder.locked())
        port = stack.enter_context(listen(settings))
        settings = settings.model_copy(update={"port": port.getsockname()[1]})
        valkey = None if settings.redis_url else EmbeddedValkey(folder.valkey_path)
        started = beside.submit(stack.enter_context, valkey) if valkey else None
        # Most of a start is imports: Valkey starts beside them, and a taken folder or port was reported before them.
        with startup_gc():
            from bot.roles.scheduler_role import scheduler_work  # noqa: PLC0415
            from bot.roles.serving import Roles, serve  # noqa: PLC0415
            from bot.roles.web_role import web_part  # noqa: PLC0415
        if leaving:  # it was told so where Python drops what is raised, as in a callback of an import
            return
        if valkey and started:
            started.result()
            settings = settings.model_copy(update={"redis_url": valkey.url})
        folder.announce(Running(os.getpid(), settings.port, settings.redis_url))
        stack.callback(folder.withdraw)
        parts: list[Part] = [scheduler_work, _worker_beside]
        if valkey:
            parts.append(lambda _services: [valkey.keep_running()])
        uvloop.run(serve(settings, Roles(web=web_part(port, greet=True), parts=parts)))


def _leave_when_told() -> list[int]:
    """Leave at a signal until the event loop handles signals: a stop while loading must also stop Valkey.

    The result holds the signals that came.
    """
    came: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` ignores the closed terminal
            signal.signal(number, leave)
    return came


def _worker_beside(services: "Services") -> "list[Work]":
    """Run a worker in a process of its own, because a million sends must not slow an answer."""
    metrics = services.folder.worker_metrics
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    shared = {
        "BOT_REDIS_URL": services.settings.redis_url,
        "BOT_PORT": str(services.settings.port),
        MULTIPROCESS_DIR: str(metrics),
    }
    return [keep_running(["worker"], shared)]
