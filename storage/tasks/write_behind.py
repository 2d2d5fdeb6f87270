"""Write-behind: values gather in memory and are written every second or so, so gathering needs no transaction."""

import asyncio
from collections.abc import Awaitable, Callable

from storage.sql.database_errors import DATABASE_ERRORS
from storage.tasks.outage_log import OutageLog

FLUSH_SECONDS = 1.0
BREATH_S = 0.01
"""Seconds between the transactions of one flush: while a thread prepares one, replies wait for the interpreter."""


async def keep_flushing(
    flush: Callable[[], Awaitable[None]], outage: OutageLog, every_s: float = FLUSH_SECONDS
) -> None:
    """Flush every `every_s` seconds until cancelled, and once more after that.

    A cancellation does not interrupt a flush under way: half a transaction would keep the database locked, and nobody
    could tell what it wrote.

    Args:
        flush: writes the gathered values; if it raises, it keeps them for the next time.
        outage: logs flushes that fail, and the last one in any case.
        every_s: seconds between two flushes.
    """
    flushing: asyncio.Future[None] | None = None
    try:
        while True:
            await asyncio.sleep(every_s)
            flushing = asyncio.ensure_future(_flush_or_tell(flush, outage))
            await asyncio.shield(flushing)
    finally:
        if flushing is not None:
            await flushing
        await _flush_or_tell(flush, outage.fresh())


async def _flush_or_tell(flush: Callable[[], Awaitable[None]], outage: OutageLog) -> None:
    try:
        await flush()
        outage.recovered()
    except DATABASE_ERRORS as error:
        outage.failed(error)
