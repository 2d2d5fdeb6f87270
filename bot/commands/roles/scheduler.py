"""`policybot scheduler`: the process that finds what is due; it loads nothing of the conversation."""

import typer
import uvloop

from bot.commands.begin import Parent, StatusPort, begin_role, let_answers_go_first
from bot.roles.scheduler_role import scheduler_work
from bot.roles.serving import Roles, serve


def register(app: typer.Typer) -> None:
    """Add `scheduler`."""
    app.command()(scheduler)


def scheduler(parent: Parent = 0, status_port: StatusPort = 0) -> None:
    """Find what is due. Start any number; the one that holds the lease works."""
    let_answers_go_first()
    uvloop.run(serve(begin_role(), Roles(parts=(scheduler_work,), parent=parent, status_port=status_port)))
