"""A few tracks, a clock to set, and members in a fresh database."""

import pytest

from policies.library.tables import TrackRow
from storage.sql.database import Database
from subscriptions.directory import Members
from tests.kit.clocks import SetClock

TRACKS = {"ai": "人工智能", "ic": "集成电路", "water": "海水淡化", "nev": "新能源汽车"}


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


async def plant_tracks(database: Database) -> None:
    async with database.write() as session:
        for position, (track_id, name) in enumerate(TRACKS.items()):
            session.add(TrackRow(id=track_id, name=name, aliases=[], position=position, provisional=True))


@pytest.fixture
async def members(database: Database, clock: SetClock) -> Members:
    await plant_tracks(database)
    return Members(database, clock)
