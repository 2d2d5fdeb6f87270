"""A machine's clock that somebody sets is noticed."""

import pytest

from storage.clock import ClockWatch


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
