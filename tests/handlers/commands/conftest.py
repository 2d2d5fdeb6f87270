"""The bot with the tracks as they are seeded, on a clock that a test sets; and a person who writes to it."""

import asyncio
import shutil
from pathlib import Path

import pytest
from redis.asyncio import Redis

from policies.knowledge import Knowledge
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from tests.handlers.commands.town import Person, Town
from tests.kit.clocks import SetClock


@pytest.fixture(scope="session")
def knowledge(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """What is published, read once a worker: no test of this room publishes anything."""
    copied = shutil.copy(sqlite_template, tmp_path_factory.mktemp("knowledge") / "policybot.db")

    async def read() -> Knowledge:
        database = Database.open(f"sqlite+aiosqlite:///{copied}")
        knowledge = Knowledge(PolicyStore(database, SetClock()))
        await knowledge.refresh()
        await database.close()
        return knowledge

    return asyncio.run(read())


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def town(sqlite_database: Database, redis_client: Redis, clock: SetClock, knowledge: Knowledge) -> Town:
    """The bot over a database of the test's own."""
    return Town(sqlite_database, redis_client, clock, knowledge)


@pytest.fixture
def anna(town: Town) -> Person:
    return town.person()
