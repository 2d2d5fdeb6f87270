"""Days are Shanghai's, and a machine's clock that somebody sets is noticed."""

from datetime import UTC, date, datetime

import pytest

from storage.clock import ClockWatch, day_of, midnight_of


@pytest.mark.parametrize(
    ("moved", "seen"), [(-120.0, -120.0), (600.0, 600.0), (0.4, 0.0), (-1.5, 0.0), (0.0, 0.0)]
)
def test_a_jump_is_seen_once_and_a_slewing_clock_is_none(moved: float, seen: float) -> None:
    times = {"wall": 1_000_000.0, "steady": 50.0}
    watch = ClockWatch(lambda: times["wall"], lambda: times["steady"])
    for _ in range(3):
        times["wall"] += 1
        times["steady"] += 1
        assert watch.jump() == 0.0
    times["wall"] += 1 + moved
    times["steady"] += 1
    assert watch.jump() == pytest.approx(seen)
    assert watch.jump() == 0.0


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    assert day_of(datetime(2026, 11, 2, 15, 59, tzinfo=UTC)) == date(2026, 11, 2)
    assert day_of(datetime(2026, 11, 2, 16, 0, tzinfo=UTC)) == date(2026, 11, 3)
    assert midnight_of(date(2026, 11, 3)) == datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
