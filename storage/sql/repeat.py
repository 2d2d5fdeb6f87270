"""Repeats work whose database went away, as long as surely nothing of it was written."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TypeVar

from storage.sql.database_errors import DatabaseUnavailableError

_PAUSE_S = 0.25
_T = TypeVar("_T")


class _Attempt:
    __slots__ = ("committing",)

    def __init__(self) -> None:
        self.committing = False


_attempt: ContextVar[_Attempt | None] = ContextVar("attempt", default=None)


def note_commit() -> None:
    """A commit is about to be sent. If its answer does not come, nobody can tell whether it took effect."""
    attempt = _attempt.get()
    if attempt is not None:
        attempt.committing = True


async def repeat(work: Callable[[], Awaitable[_T]], patience: Callable[[], float]) -> _T:
    """Run `work`, and again while the database is away, nothing was committed, and patience lasts.

    A transaction that broke before its commit left nothing. Where a commit was sent, also one that succeeded, `work` is
    not run again.

    Args:
        work: begins anew each time; it must keep nothing of an earlier run.
        patience: seconds for which the outage may still be waited for; asked after each failure.

    Raises:
        DatabaseUnavailableError: that of the last run.
    """
    while True:
        attempt = _Attempt()
        token = _attempt.set(attempt)
        try:
            return await work()
        except DatabaseUnavailableError:
            if attempt.committing or patience() <= 0:
                raise
        finally:
            _attempt.reset(token)
        await asyncio.sleep(_PAUSE_S)
