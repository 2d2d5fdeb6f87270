"""An outage in the log: one line when it begins, one every ten minutes while it lasts, one when it ends.

By hand: structlog has no filter that knows when a failure has ended, so a retry each second would write a line each.
"""

import time
from collections.abc import Callable

import structlog

_AGAIN_S = 600.0

_log = structlog.stdlib.get_logger(__name__)


class OutageLog:
    """Logs the failures of one thing that is tried again and again.

    Args:
        event: the name of the outage in the log; its end is logged as `event` + `.recovered`.
        remedy: what an operator does about it, in English.
        now: seconds of a clock that nobody sets (monotonic).
    """

    def __init__(self, event: str, remedy: str = "", now: Callable[[], float] = time.monotonic) -> None:
        self._event = event
        self._remedy = {"remedy": remedy} if remedy else {}
        self._now = now
        self._since: float | None = None
        self._logged_at = 0.0

    def fresh(self) -> "OutageLog":
        """Return a log of the same event that has logged nothing yet, so its next failure is logged."""
        return OutageLog(self._event, self._remedy.get("remedy", ""), self._now)

    def failed(self, error: BaseException | str, **facts: object) -> None:
        """A try failed. This is logged if it is the first failure, or the last line is ten minutes old.

        Args:
            error: what was raised (its type is logged, never its text), or a few words.
            facts: further fields of the log line.
        """
        now = self._now()
        if self._since is not None and now - self._logged_at < _AGAIN_S:
            return
        if self._since is None:
            self._since = now
        self._logged_at = now
        cause = error if isinstance(error, str) else type(error).__name__
        lasts = round(now - self._since)
        _log.warning(
            self._event, error=cause, **({"lasts_s": lasts} if lasts else {}), **facts, **self._remedy
        )

    def recovered(self) -> None:
        """A try succeeded. This is logged if the tries before it failed."""
        if self._since is not None:
            _log.info(f"{self._event}.recovered", lasted_s=round(self._now() - self._since))
            self._since = None
