"""What is gathered in memory and written once a second, so that gathering costs no transaction."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

FLUSH_SECONDS = 1.0


async def keep_flushing(flush: Callable[[], Awaitable[None]], failed: Callable[[str], None]) -> None:
    """Flush once a second until cancelled, and once more then.

    Args:
        flush: writes what was gathered; where it raises, it keeps it for the next time.
        failed: told the name of the error where a flush fails, the last one too.
    """
    try:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await _flush_or_tell(flush, failed)
    finally:
        await _flush_or_tell(flush, failed)


async def _flush_or_tell(flush: Callable[[], Awaitable[None]], failed: Callable[[str], None]) -> None:
    try:
        await flush()
    except (SQLAlchemyError, OSError) as error:
        failed(type(error).__name__)
