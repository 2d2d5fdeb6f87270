"""Clocks that a test sets."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from storage.clock import SHANGHAI


@dataclass(eq=False)
class SetClock:
    """Business time, or real time as an instant."""

    now: datetime = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)

    def on(self, day: date, hour: int = 10) -> None:
        """Let it be this day, Shanghai."""
        self.now = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


@dataclass(eq=False)
class SetSeconds:
    """Seconds, as `time.time` and `time.monotonic` give them."""

    at: float = 1_000.0

    def __call__(self) -> float:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += seconds
