"""What the alert commands print with: the console, tables, local times, and the argument that names a campaign."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from storage.clock import SHANGHAI
from storage.sql.base import LARGEST_INTEGER

CONSOLE = Console(highlight=False, markup=False, soft_wrap=True)
CampaignId = Annotated[
    int,
    typer.Argument(
        min=1, max=LARGEST_INTEGER, metavar="ID", help="number of the campaign, as `alerts list` shows it"
    ),
]


def table(*columns: str) -> Table:
    """Return a table without lines; a column whose name begins with > is aligned right."""
    made = Table(box=None, pad_edge=False)
    for name in columns:
        made.add_column(
            name.removeprefix(">"), justify="right" if name.startswith(">") else "left", overflow="fold"
        )
    return made


def local_time(at: datetime | None) -> str:
    """Return an instant as date and time of Asia/Shanghai; "" for None."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
