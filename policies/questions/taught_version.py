"""The version of what operators taught: raised with every change, polled by every process."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.questions.tables import TaughtState
from storage.sql.database import Database
from storage.sql.upsert import insert


async def taught_version(database: Database) -> int:
    """Return how often words and confirmed questions have changed. It reads one row."""
    version = select(TaughtState.version)
    return await database.run_in_read_transaction(lambda connection: connection.scalar(version)) or 0


async def count_change(session: AsyncSession) -> None:
    """Raise the version, in the transaction of the change."""
    first = insert(session, TaughtState).values(id=1, version=1)
    again = {"version": TaughtState.version + 1}
    await session.execute(first.on_conflict_do_update(index_elements=["id"], set_=again))
