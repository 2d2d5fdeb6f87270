"""A clock that stands still until moved, and the real compendium."""

from datetime import UTC, datetime, timedelta

import pytest

from policies.library.compendium import load_compendium
from policies.library.departments import load_departments
from policies.library.models import Compendium, Department, TrackList
from policies.library.tracks import load_tracks


class PretendClock:
    """Business time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> PretendClock:
    return PretendClock()


@pytest.fixture(scope="session")
def compendium() -> Compendium:
    return load_compendium()


@pytest.fixture(scope="session")
def tracks() -> TrackList:
    return load_tracks()


@pytest.fixture(scope="session")
def departments() -> tuple[Department, ...]:
    return load_departments()
