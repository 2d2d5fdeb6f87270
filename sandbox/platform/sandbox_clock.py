"""The sandbox's date, which an operator may set. Inside the bot it is the bot's own business clock."""

from datetime import datetime, timedelta
from typing import Protocol

from storage.clock import Clock


class SandboxClock(Protocol):
    """A business clock that can be set; `storage.business_clock.BusinessClock` is one."""

    def __call__(self) -> datetime: ...

    @property
    def moved(self) -> bool:
        """Whether the date is another than the wall's."""

    async def set(self, at: datetime) -> None:
        """Let it be `at` now; time runs on from there."""

    async def reset(self) -> None:
        """Let it be the wall's time again."""


class LocalClock:
    """A clock of this process alone, for a stand-in that runs by itself."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._offset = timedelta()

    def __call__(self) -> datetime:
        return self._real() + self._offset

    @property
    def moved(self) -> bool:
        return bool(self._offset)

    async def set(self, at: datetime) -> None:
        """Let it be `at` now."""
        self._offset = at - self._real()

    async def reset(self) -> None:
        """Let it be the wall's time again."""
        self._offset = timedelta()
