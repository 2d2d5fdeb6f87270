"""`policybot …` as an operator types it, in this process."""

import asyncio
from collections.abc import Callable, Sequence

from click.testing import Result
from typer.testing import CliRunner

from bot.cli import command_line
from console.access.audit import Filter, entries
from console.tables import AuditEntry
from storage.sql.database import Database

Policybot = Callable[..., Result]


def type_command(*words: object, stdin: str | None = None) -> Result:
    """Run a command to its end."""
    typed = [str(word) for word in words]
    return CliRunner().invoke(command_line(typed[0]), typed, input=stdin)


def log_of(url: str, *, kind: str = "") -> Sequence[AuditEntry]:
    """The operators' log, the newest first."""

    async def read() -> Sequence[AuditEntry]:
        database = Database.open(url)
        try:
            return await entries(database, Filter(kind=kind))
        finally:
            await database.close()

    return asyncio.run(read())
