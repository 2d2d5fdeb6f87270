"""The database keeps what it promised, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from storage.sql.database import Database
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


def _add(openid: str, then: Exception | None = None) -> Callable[[Connection], int]:
    def work(connection: Connection) -> int:
        connection.execute(insert(Member).values(openid=openid, followed_at=datetime.now(UTC)))
        if then is not None:
            raise then
        return connection.scalar(select(func.count()).select_from(Member)) or 0

    return work


async def test_a_transaction_at_once_gives_what_its_work_gives_and_is_kept(database: Database) -> None:
    assert await database.run_in_write_transaction(_add("o1")) == 1
    async with database.read() as session:
        assert (await session.scalars(select(Member.openid))).all() == ["o1"]


async def test_a_transaction_at_once_that_fails_changes_nothing_and_says_why(database: Database) -> None:
    with pytest.raises(KeyError):
        await database.run_in_write_transaction(_add("o1", KeyError("why")))
    assert await database.run_in_write_transaction(_add("o2")) == 1


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(Member)) or 0


async def test_a_reading_at_once_sees_what_was_written_last_and_waits_for_no_writer(
    database: Database,
) -> None:
    await database.run_in_write_transaction(_add("o1"))
    async with database.write() as session, asyncio.timeout(5):
        session.add(Member(openid="o2", followed_at=datetime.now(UTC)))
        await session.flush()
        assert await asyncio.create_task(database.run_in_read_transaction(_count)) == 1
    assert await database.run_in_read_transaction(_count) == 2


async def test_a_reading_at_once_keeps_nothing_and_says_what_failed(database: Database) -> None:
    assert await database.run_in_read_transaction(_add("o1")) == 1
    with pytest.raises(KeyError):
        await database.run_in_read_transaction(_add("o2", KeyError("why")))
    assert await database.run_in_read_transaction(_count) == 0


async def test_a_look_sees_what_was_written_last_and_leaves_connections_as_they_were(
    database: Database,
) -> None:
    count = select(func.count()).select_from(Member)
    assert await database.look(count) == (0,)
    with pytest.raises(KeyError):
        await database.run_in_write_transaction(_add("o1", KeyError("a transaction goes back as before")))
    await database.run_in_write_transaction(_add("o1"))
    assert await database.look(count) == (1,)


async def test_a_closed_database_says_so(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    await database.close()
    with pytest.raises(SQLAlchemyError, match="closed"):
        await database.run_in_read_transaction(_count)


async def test_writers_of_both_kinds_take_turns(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.write() as session:
            session.add(Member(openid=f"w{number}", followed_at=datetime.now(UTC)))
            await session.flush()
            await asyncio.sleep(0.001)

    await asyncio.gather(
        *(write(n) for n in range(20)), *(database.run_in_write_transaction(_add(f"o{n}")) for n in range(20))
    )
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Member)) == 40


async def test_a_write_inside_a_write_is_kept_with_it_or_not_at_all(database: Database) -> None:
    async def outer(then: Exception | None) -> None:
        async with database.write() as session:
            await database.run_in_write_transaction(_add("o1"))
            async with database.write() as inner:
                assert inner is session
                inner.add(Member(openid="o2", followed_at=datetime.now(UTC)))
            async with database.read() as reading:
                assert await reading.scalar(select(func.count()).select_from(Member)) == 2
            assert await database.run_in_read_transaction(_count) == 2
            if then is not None:
                raise then

    with pytest.raises(KeyError):
        await outer(KeyError())
    assert await database.run_in_read_transaction(_count) == 0
    await outer(None)
    assert await database.run_in_read_transaction(_count) == 2


async def test_a_failed_inner_write_takes_back_its_own_part_alone(database: Database) -> None:
    async with database.write():
        await database.run_in_write_transaction(_add("o1"))
        with pytest.raises(IntegrityError):
            await database.run_in_write_transaction(_add("o1"))
        await database.run_in_write_transaction(_add("o2"))
    assert await database.run_in_read_transaction(_count) == 2


async def test_another_tasks_write_does_not_join_the_one_under_way(database: Database) -> None:
    async def other() -> None:
        await database.run_in_write_transaction(_add("other"))

    with pytest.raises(KeyError):
        async with database.write() as session:
            session.add(Member(openid="o1", followed_at=datetime.now(UTC)))
            task = asyncio.create_task(other())
            await asyncio.sleep(0)
            raise KeyError
    await task
    async with database.read() as session:
        assert (await session.scalars(select(Member.openid))).all() == ["other"]
