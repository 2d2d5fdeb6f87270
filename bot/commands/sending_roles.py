"""`policybot worker` and `scheduler`: the processes that send; they load nothing of the conversation."""

import typer
import uvloop

from bot.commands.begin import Parent, begin_role
from bot.serving import Roles, serve


def register(app: typer.Typer) -> None:
    """Add `worker` and `scheduler`."""
    app.command()(worker)
    app.command()(scheduler)


def worker(parent: Parent = 0) -> None:
    """Send what the ledger says is due; any number, on any machine."""
    uvloop.run(serve(begin_role(), Roles(worker=True, parent=parent)))


def scheduler(parent: Parent = 0) -> None:
    """Find what is due; any number, one of them holds the lease and ticks."""
    uvloop.run(serve(begin_role(), Roles(scheduler=True, parent=parent)))
