"""A look at something again and again, for as long as a process runs."""

import asyncio
from collections.abc import Awaitable, Callable

from storage.sql.database_errors import DATABASE_ERRORS
from storage.tasks.outage_log import OutageLog


async def keep_looking(look: Callable[[], Awaitable[object]], every_s: float, outage: OutageLog) -> None:
    """Look at once, and then every so many seconds, until cancelled. An outage of the database is logged and waited for."""
    while True:
        try:
            await look()
            outage.recovered()
        except DATABASE_ERRORS as error:
            outage.failed(error)
        await asyncio.sleep(every_s)
