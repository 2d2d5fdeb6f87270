"""Business time: which day it is for deadlines, quiet hours and answers.

Leases, timers, back-off and the expiry of sessions never read it: they keep the machine's time.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import structlog

Clock = Callable[[], datetime]
"""Returns the present business instant: timezone-aware, in UTC."""

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(instant: datetime) -> date:
    """Return the day in Shanghai on which an instant falls."""
    return instant.astimezone(SHANGHAI).date()


def midnight_of(day: date) -> datetime:
    """Return the first instant of a day in Shanghai."""
    return datetime.combine(day, datetime.min.time(), SHANGHAI)


def system_clock() -> datetime:
    """Return the machine's time: timezone-aware, in UTC."""
    return datetime.now(UTC)


_JUMP_S = 2.0
_WATCH_S = 1.0

_log = structlog.stdlib.get_logger(__name__)


class ClockWatch:
    """Detects that somebody set the machine's clock, by comparing it with the monotonic clock."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._apart = wall() - steady()

    def jump(self) -> float:
        """Seconds by which the clock was set since the last call; negative if it was set back, 0.0 if it was not set."""
        before, self._apart = self._apart, self._wall() - self._steady()
        moved = self._apart - before
        return moved if abs(moved) >= _JUMP_S else 0.0

    async def run(self) -> None:
        """Log each jump, until cancelled."""
        while True:
            await asyncio.sleep(_WATCH_S)
            if jumped := self.jump():
                _log.warning(
                    "clock.jumped",
                    seconds=round(jumped, 1),
                    remedy="intervals go on; what is due at a time of day follows the new time: does NTP run here?",
                )
