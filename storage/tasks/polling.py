"""What a process looks at again and again, for as long as it runs.

All that its parts follow in the database is one statement twice a second (`SharedPoll`). A poll, because LISTEN needs a session
of its own, which PgBouncer's transaction mode has not and a failover ends; and Redis may be away.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS
from storage.tasks.cancel_tasks import cancel_and_wait
from storage.tasks.outage_log import OutageLog

POLL_SECONDS = 0.5


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Followed:
    """What one part of a process follows in the database.

    Attributes:
        name: of its outage in the log.
        columns: scalar values, each found by an index: they are read twice a second by every process.
        hear: gets the values after each look. What takes time is a coroutine that it returns; `hear` is not called again
            before that has ended, and the other parts don't wait for it.
        lost: the values could not be read, or the coroutine met a database that was away.
        parameters: values of the named parameters in `columns`, made anew for each look.
    """

    name: str
    columns: Sequence[ColumnElement[Any]]
    hear: Callable[..., Coroutine[Any, Any, object] | None]
    lost: Callable[[], None] = _nothing
    parameters: Callable[[], Mapping[str, Any]] = dict


class SharedPoll:
    """Reads all that is followed in one statement."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._parts: list[_Part] = []
        self._statement: Select[Any] | None = None

    def follow(self, followed: Followed) -> None:
        """Ask for this too, from the next look on."""
        self._parts.append(_Part(followed))
        self._statement = None

    async def run(self) -> None:
        """Look at once, and then twice a second, until cancelled. An outage of the database is logged and waited for."""
        outage = OutageLog("database.not_looked_at", "answers go on from memory: is the database away?")
        try:
            while True:
                try:
                    await self.look()
                    outage.recovered()
                except DATABASE_ERRORS as error:
                    outage.failed(error)
                await asyncio.sleep(POLL_SECONDS)
        finally:
            await cancel_and_wait(part.task for part in self._parts if part.task is not None)

    async def look(self) -> list[asyncio.Task[None]]:
        """Look once, and tell each part what it follows.

        Returns:
            What takes time and is still under way.

        Raises:
            DatabaseUnavailableError: each part has been told that its values are lost.
        """
        parts = tuple(self._parts)  # more may be added while the statement is under way
        if not parts:
            return []
        if self._statement is None:
            self._statement = select(*(column for part in parts for column in part.followed.columns))
        parameters = {name: value for part in parts for name, value in part.followed.parameters().items()}
        try:
            values = iter(await self._database.look(self._statement, parameters))
        except DATABASE_ERRORS:
            for part in parts:
                part.followed.lost()
            raise
        for part in parts:
            part.hear([next(values) for _ in part.followed.columns])
        return [part.task for part in parts if part.task is not None]


class _Part:
    """One part of the process, and what it does about what it heard."""

    def __init__(self, followed: Followed) -> None:
        self.followed = followed
        self.task: asyncio.Task[None] | None = None
        self._outage = OutageLog(followed.name)

    def hear(self, values: Sequence[Any]) -> None:
        if self.task is not None:
            if not self.task.done():
                return
            self.task.result()  # whatever it raised ends the process
            self.task = None
        work = self.followed.hear(*values)
        if work is not None:
            self.task = asyncio.create_task(self._finish(work))

    async def _finish(self, work: Awaitable[object]) -> None:
        try:
            await work
            self._outage.recovered()
        except DATABASE_ERRORS as error:
            self._outage.failed(error)
            self.followed.lost()


async def keep_looking(look: Callable[[], Awaitable[object]], every_s: float, outage: OutageLog) -> None:
    """Look at once, and then every `every_s` seconds, until cancelled. During an outage of the database it logs and waits."""
    while True:
        try:
            await look()
            outage.recovered()
        except DATABASE_ERRORS as error:
            outage.failed(error)
        await asyncio.sleep(every_s)
