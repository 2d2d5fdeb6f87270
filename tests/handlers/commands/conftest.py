"""The bot with the tracks as they are seeded, on a clock that a test sets; and a person who writes to it."""

import pytest
from redis.asyncio import Redis

from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from tests.handlers.commands.town import Person, Town
from tests.kit.clocks import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def town(sqlite_database: Database, redis_client: Redis, clock: SetClock) -> Town:
    """The bot with the tracks as they are seeded."""
    await PolicyStore(sqlite_database, clock).seed(load_library(), load_district())
    return Town(sqlite_database, redis_client, clock)


@pytest.fixture
def anna(town: Town) -> Person:
    return town.person()
