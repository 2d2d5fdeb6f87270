"""A trouble that lasts is told once, again every ten minutes, and once when it is over; not at each of its tries."""

import time
from collections.abc import Callable

import structlog

_AGAIN_S = 600.0

_log = structlog.stdlib.get_logger(__name__)


class LastingTrouble:
    """One trouble of one part of a process.

    Args:
        event: its name in the log; its end is `event` + `.over`.
        remedy: what an operator does about it.
        now: seconds of a clock that nobody sets.
    """

    def __init__(self, event: str, remedy: str = "", now: Callable[[], float] = time.monotonic) -> None:
        self._event = event
        self._remedy = {"remedy": remedy} if remedy else {}
        self._now = now
        self._since: float | None = None
        self._told_at = 0.0

    def anew(self) -> "LastingTrouble":
        """The same trouble, not told of yet."""
        return LastingTrouble(self._event, self._remedy.get("remedy", ""), self._now)

    def met(self, error: BaseException | str, **facts: object) -> None:
        """It is there (still)."""
        now = self._now()
        if self._since is not None and now - self._told_at < _AGAIN_S:
            return
        if self._since is None:
            self._since = now
        self._told_at = now
        cause = error if isinstance(error, str) else type(error).__name__
        lasts = round(now - self._since)
        _log.warning(
            self._event, error=cause, **({"lasts_s": lasts} if lasts else {}), **facts, **self._remedy
        )

    def over(self) -> None:
        """It is not there (any more)."""
        if self._since is not None:
            _log.info(f"{self._event}.over", lasted_s=round(self._now() - self._since))
            self._since = None
