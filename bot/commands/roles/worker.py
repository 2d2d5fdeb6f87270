"""`policybot worker`: the process that sends; it loads nothing of the conversation."""

import typer
import uvloop

from bot.commands.begin import Parent, StatusPort, begin_role, let_answers_go_first
from bot.roles.serving import Roles, serve
from bot.roles.worker_role import worker_work


def register(app: typer.Typer) -> None:
    """Add `worker`."""
    app.command()(worker)


def worker(parent: Parent = 0, status_port: StatusPort = 0) -> None:
    """Send the due rows of the ledger. Start any number, on any machine."""
    let_answers_go_first()
    uvloop.run(serve(begin_role(), Roles(parts=(worker_work,), parent=parent, status_port=status_port)))
