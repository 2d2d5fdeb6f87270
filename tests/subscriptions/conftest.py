"""A few tracks, a clock to set, and members in a fresh database."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from policies.library.compendium import load_compendium
from policies.library.tables import Track
from policies.library.tracks import load_tracks
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from subscriptions.directory import Members

from .people import Person, Town

TRACKS = {"ai": "人工智能", "ic": "集成电路", "water": "海水淡化", "nev": "新能源汽车"}


class SetClock:
    """Business time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


async def plant_tracks(database: Database) -> None:
    async with database.write() as session:
        for position, (track_id, name) in enumerate(TRACKS.items()):
            session.add(Track(id=track_id, name=name, aliases=[], position=position, provisional=True))


@pytest.fixture
async def members(database: Database, clock: SetClock) -> Members:
    await plant_tracks(database)
    return Members(database, clock)


@pytest.fixture
async def town(sqlite_database: Database, redis_client: Redis, clock: SetClock) -> Town:
    """The bot with the tracks as they are seeded."""
    await PolicyStore(sqlite_database, clock).seed(load_compendium(), load_tracks())
    return Town(sqlite_database, redis_client, clock)


@pytest.fixture
def anna(town: Town) -> Person:
    return town.person()
