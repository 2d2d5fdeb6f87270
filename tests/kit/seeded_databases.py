"""Databases that hold the library we come with, as a first start leaves it."""

import asyncio
from datetime import datetime

from storage.clock import SHANGHAI, Clock
from storage.sql.database import Database

SEEDED_AT = datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI)
"""When those that are lent to tests were filled; the clock of a room that uses them begins here."""


def seed(url: str, clock: Clock = lambda: SEEDED_AT) -> None:
    """Fill a migrated database."""
    from policies.district.folder import load_district
    from policies.library.library_file import load_library
    from policies.publishing.store import PolicyStore

    async def fill() -> None:
        database = Database.open(url)
        await PolicyStore(database, clock).seed(load_library(), load_district())
        await database.close()

    asyncio.run(fill())
