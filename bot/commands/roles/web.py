"""`policybot web`: the processes that answer."""

import tempfile
from typing import Annotated

import typer
import uvloop

from bot.commands.begin import Parent, begin_role
from bot.roles.children import MULTIPROCESS_DIR, serve_children
from bot.roles.startup_gc import startup_gc
from bot.runtime.listening import listen
from bot.runtime.process import BadSettingsError


def register(app: typer.Typer) -> None:
    """Add `web`."""
    app.command()(web)


def web(
    workers: Annotated[int, typer.Option(min=1, help="processes on the one port")] = 1, parent: Parent = 0
) -> None:
    """Answer WeChat, the pages, the desk and the API."""
    settings = begin_role()
    if workers == 1:
        with listen(settings, shared=bool(parent)) as port:
            # Most of a start is imports: not before the port is open, and not in a process that only keeps children.
            with startup_gc():
                from bot.roles.serving import Roles, serve  # noqa: PLC0415
                from bot.roles.web_role import web_part  # noqa: PLC0415

            uvloop.run(serve(settings, Roles(web=web_part(port), parent=parent)))
        return
    if settings.sandbox_open:
        raise BadSettingsError(
            "BOT_SANDBOX: the sandbox lives in one process; set BOT_SANDBOX=0, or --workers 1"
        )
    listen(settings).close()  # a taken port is one error here, not one of each worker
    with tempfile.TemporaryDirectory(prefix="policybot-metrics-") as shared_metrics:
        uvloop.run(serve_children(["web"], workers, {MULTIPROCESS_DIR: shared_metrics}))
