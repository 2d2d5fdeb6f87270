"""What the commands about the library open: the database, what is published, drafts and imports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.runtime.clause_belongings import clause_belongings
from bot.runtime.process import business_clock, open_database
from bot.runtime.seeding import seeded_store
from policies.importing.imports import Imports
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from storage.sql.database import Database


@dataclass(frozen=True, slots=True)
class Opened:
    database: Database
    store: PolicyStore
    drafts: Drafts
    imports: Imports


@asynccontextmanager
async def opened() -> AsyncIterator[Opened]:
    """Open them; an empty database is filled from the file that comes with the program."""
    async with open_database() as database:
        clock = await business_clock(database)
        store = await seeded_store(database, clock)
        drafts = Drafts(database, clock, belongings=clause_belongings(clock))
        yield Opened(database, store, drafts, Imports(database, clock, store, drafts))
