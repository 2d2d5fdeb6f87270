"""Filling an empty database from the library that the settings name."""

from bot.runtime.process import read_settings
from bot.runtime.settings import Settings
from policies.district.folder import OWN_FOLDER, library_folder
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from storage.clock import Clock
from storage.sql.database import Database


async def seeded_store(database: Database, clock: Clock, settings: Settings | None = None) -> PolicyStore:
    """Return the store of a database. An empty database is filled first. Raises like `seed`."""
    store = PolicyStore(database, clock)
    await seed(store, settings)
    return store


async def seed(store: PolicyStore, settings: Settings | None = None) -> bool:
    """Fill an empty database; one that was filled keeps what it has, and no file is read.

    Returns:
        Whether it was empty.

    Raises:
        DataFileError: the folder of `BOT_LIBRARY` or a file in it can't be used.
        LibraryFileError: its `policies.json` is damaged.
    """
    if await store.is_seeded():
        return False
    # A database of an earlier version goes on with the data that the program had then.
    folder = OWN_FOLDER if await store.version() else library_folder((settings or read_settings()).library)
    library = load_library(folder.documents) if folder.documents else Library()
    return await store.seed(library, folder.district())
