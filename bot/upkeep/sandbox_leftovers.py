"""What a sandbox leaves in a database: it must not count where there is no sandbox, beside a real account above all."""

from sqlalchemy import func, select

from policies.library.tables import Window
from policies.windows.application_windows import Windows
from storage.business_clock import BusinessClock
from storage.clock import system_clock
from storage.sql.database import Database


async def leftovers(database: Database) -> list[str]:
    """What is there, in words; empty: nothing."""
    clock = BusinessClock(database)
    await clock.refresh()
    async with database.read() as session:
        samples = await session.scalar(select(func.count()).select_from(Window).where(Window.sample)) or 0
    found = [f"a date set in the sandbox ({clock().date()})"] if clock.moved else []
    return [*found, f"{samples} sample application windows"] if samples else found


async def remove_leftovers(database: Database) -> list[str]:
    """Take away what is there; what it was."""
    found = await leftovers(database)
    if found:
        await BusinessClock(database).reset()
        await Windows(database, system_clock).clear_samples()
    return found
