"""What met a database that was away is done again, as long as surely nothing was written."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bench.cluster.gateway import Gateway, gateway_to
from storage.sql.database import Database
from storage.sql.database_errors import DatabaseUnavailableError
from storage.sql.upsert import insert
from subscriptions.tables import Member
from tests.storage.sql.conftest import members


def broken_once(
    database: Database, gateway: Gateway, *, commit_first: bool
) -> tuple[list[int], Callable[[], Awaitable[int]]]:
    """Work in two transactions that loses its connection in the second one, at its first run."""
    runs: list[int] = []

    async def work() -> int:
        runs.append(1)
        if commit_first:
            async with database.write() as session:
                session.add(Member(openid=f"first{len(runs)}", followed_at=datetime.now(UTC)))
        async with database.write() as session:
            session.add(Member(openid=f"second{len(runs)}", followed_at=datetime.now(UTC)))
            await session.flush()
            if len(runs) == 1:
                await gateway.close()
                await gateway.open()
            await session.execute(select(1))
        return len(runs)

    return runs, work


async def test_a_message_that_lost_its_connection_before_anything_was_kept_is_answered_again(
    road: tuple[Gateway, Database],
) -> None:
    gateway, database = road
    _, work = broken_once(database, gateway, commit_first=False)
    assert await database.repeat_while_away(work) == 2
    assert await members(database) == 1


async def test_what_has_committed_a_part_is_not_done_again(road: tuple[Gateway, Database]) -> None:
    gateway, database = road
    runs, work = broken_once(database, gateway, commit_first=True)
    with pytest.raises(DatabaseUnavailableError):
        await database.repeat_while_away(work)
    assert len(runs) == 1
    assert await members(database) == 1


async def test_a_write_that_may_be_done_twice_is_done_again_when_its_commit_got_no_answer(
    postgres_url: str,
) -> None:
    """The server ends the connection at the commit, by a deferred trigger: nobody can tell what became of it."""
    database = Database.open(postgres_url)
    async with database.write() as session:
        await session.execute(
            text(
                "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
            )
        )
        await session.execute(
            text(
                "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON members DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW WHEN (NEW.openid = 'cut') EXECUTE FUNCTION cut()"
            )
        )
    runs: list[int] = []

    def work(connection: Connection) -> int:
        runs.append(1)
        openid = "cut" if len(runs) == 1 else "kept"
        row = insert(connection, Member).values(openid=openid, followed_at=datetime.now(UTC))
        connection.execute(row.on_conflict_do_nothing())
        return len(runs)

    assert await database.run_in_write_transaction(work, idempotent=True) == 2
    runs.clear()
    with pytest.raises(DatabaseUnavailableError):
        await database.run_in_write_transaction(work)
    assert await members(database) == 1
    await database.close()


async def test_a_silent_server_is_away_and_its_connections_are_given_up(postgres_url: str) -> None:
    async with gateway_to(postgres_url) as (gateway, url):
        database = Database.open(url, statement_s=0.3, pool_size=2)
        assert await members(database) == 0
        gateway.fall_silent()
        async with asyncio.timeout(20):
            with pytest.raises(SQLAlchemyError):
                await members(database)
        await gateway.close()
        await gateway.open()
        async with asyncio.timeout(20):
            assert await members(database) == 0
        await database.close()


async def test_behind_a_pooler_no_prepared_statement_stays(postgres_url: str) -> None:
    """PgBouncer in transaction mode gives each transaction another connection of the server."""
    database = Database.open(f"{postgres_url}&statement_cache_size=0", pool_size=1)
    for _ in range(3):
        assert await members(database) == 0
    async with database.read() as session:
        await session.execute(text("DEALLOCATE ALL"))  # as on another connection
        assert await session.scalar(select(func.count()).select_from(Member)) == 0
    await database.close()
