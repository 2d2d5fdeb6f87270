"""One look of a process's poll, with what it sets off done to its end."""

import asyncio
from contextlib import suppress

from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS
from storage.tasks.polling import Followed, SharedPoll


async def look_once(database: Database, *followed: Followed) -> None:
    """Of a database that is away each part is told."""
    poll = SharedPoll(database)
    for one in followed:
        poll.follow(one)
    with suppress(*DATABASE_ERRORS):
        await asyncio.gather(*await poll.look())
