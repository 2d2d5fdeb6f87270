"""What processes ask of the database again and again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, event

from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS
from storage.tasks.polling import Followed, SharedPoll


async def look_once(database: Database, *followed: Followed) -> None:
    """One look of a process's poll, with what it sets off done to its end. Of a database that is away each part is told."""
    poll = SharedPoll(database)
    for one in followed:
        poll.follow(one)
    with suppress(*DATABASE_ERRORS):
        await asyncio.gather(*await poll.look())


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that go to any database meanwhile, without those that begin a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
