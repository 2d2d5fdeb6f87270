"""What a sandbox leaves in a database: a date, sample windows, pretend people. None of it may count without a sandbox."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.library.tables import WindowRow
from policies.windows.application_windows import Windows
from sandbox.platform.people import is_sandbox_openid
from storage.business_clock import BusinessClock
from storage.clock import system_clock
from storage.sql.batches import id_in
from storage.sql.database import Database
from subscriptions.tables import Member


async def leftovers(database: Database, *, real_account: bool = True) -> list[str]:
    """Return in words what the sandbox left here; empty if nothing.

    Args:
        database: where to look.
        real_account: the official API is in use. If another API stands in for it, members of the sandbox belong there.
    """
    clock = BusinessClock(database)
    await clock.refresh()
    async with database.read() as session:
        samples = (
            await session.scalar(select(func.count()).select_from(WindowRow).where(WindowRow.sample)) or 0
        )
        people = len(await _pretend_people(session)) if real_account else 0
    return [
        *([f"a date set in the sandbox ({clock().date()})"] if clock.moved else []),
        *([f"{samples} sample application windows"] if samples else []),
        *([f"{people} pretend members"] if people else []),
    ]


async def remove_leftovers(database: Database, *, real_account: bool = True) -> list[str]:
    """Remove the leftovers and return their names. All rows about a pretend member are removed with the member."""
    found = await leftovers(database, real_account=real_account)
    if found:
        await BusinessClock(database).reset()
        await Windows(database, system_clock).clear_samples()
    if found and real_account:
        async with database.write() as session:
            people = await _pretend_people(session)
            await session.execute(delete(Member).where(id_in(session, Member.id, people)))
    return found


async def _pretend_people(session: AsyncSession) -> list[int]:
    """Find the members that the sandbox made.

    The range of openids uses the index. About 1/60 of real openids start with oS too, so each one is checked.
    """
    near = await session.execute(
        select(Member.id, Member.openid).where(Member.openid >= "oS", Member.openid < "oT")
    )
    return [number for number, openid in near if is_sandbox_openid(openid)]
