"""Business time: what day it is for deadlines, quiet hours and answers.

Leases, timers, back-off and expiry of sessions never read it: they keep real time.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Gives the present business instant, aware, in UTC."""

SHANGHAI = ZoneInfo("Asia/Shanghai")


def system_clock() -> datetime:
    """The machine's time, UTC."""
    return datetime.now(UTC)
