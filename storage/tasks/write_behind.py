"""Write-behind: values gather in memory and are written every second or so, so gathering needs no transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from storage.sql.database_errors import DATABASE_ERRORS, cause_of, is_of_values
from storage.tasks.outage_log import OutageLog

_log = structlog.stdlib.get_logger(__name__)
_T = TypeVar("_T")

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


async def write_all(
    waiting: list[_T], write: Callable[[Sequence[_T]], Awaitable[None]], at_once: int, refused: str
) -> None:
    """Write values in short transactions. What is written is taken out of `waiting`, so that on an error the rest is there.

    One value that the database refuses must not hold back the others for good. So the values of a transaction that is
    refused are halved until the one is found. It is tried once more, because a broken connection may look like a refusal;
    then it is dropped, with a log line.

    Args:
        waiting: the values, changed in place.
        write: writes some of them in one transaction.
        at_once: values in one transaction, at most.
        refused: the event of the log line. It names the kind of the error and no value, because that may be personal data.

    Raises:
        SQLAlchemyError, OSError: the database is away.
    """
    size, tried = at_once, False
    while waiting:
        some = waiting[:size]
        try:
            await write(some)
        except (
            Exception
        ) as error:  # the edge of the database: a driver raises errors of its own for some values
            if not is_of_values(error):
                raise
            if len(some) > 1 or not tried:
                size, tried = max(1, len(some) // 2), len(some) == 1
                continue
            _log.error(
                refused, error=cause_of(error), remedy="one value was not written: tell the developers"
            )
        del waiting[: len(some)]
        size, tried = min(size * 2, at_once), False
        await asyncio.sleep(BREATH_S)
