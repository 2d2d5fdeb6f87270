"""The database keeps what it promised, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from storage.database import Database
from subscriptions.tables import Member


async def test_an_instant_comes_back_aware_and_in_utc(database: Database) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    async with database.write() as session:
        session.add(Member(openid="o1", followed_at=noon))
    async with database.read() as session:
        assert (await session.scalars(select(Member))).one().followed_at == noon


async def test_a_write_that_fails_changes_nothing(database: Database) -> None:
    try:
        async with database.write() as session:
            session.add(Member(openid="o1", followed_at=datetime.now(UTC)))
            await session.flush()
            raise RuntimeError
    except RuntimeError:
        pass
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Member)) == 0
