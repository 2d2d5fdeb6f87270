"""A database that is away or takes no writes: one notion for every caller, and a write waits a moment for it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bench.cluster.gateway import Gateway, gateway_to
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from policies.questions.daily_tally import QuestionTally
from policies.questions.log import QuestionLog
from policies.windows.application_windows import Windows
from storage.clock import system_clock
from storage.sql.database import Database
from storage.sql.database_errors import DatabaseUnavailableError
from storage.sql.switches import try_write
from subscriptions.tables import Member
from tests.storage.sql.conftest import members


@pytest.fixture
async def impatient(road: tuple[Gateway, Database]) -> AsyncIterator[tuple[Gateway, Database]]:
    """One that writes wait for a moment only."""
    gateway, patient = road
    database = Database.open(patient.url, retry_s=0.1)
    yield gateway, database
    await database.close()


def add(connection: Connection, openid: str = "o1") -> None:
    connection.execute(insert(Member).values(openid=openid, followed_at=datetime.now(UTC)))


async def read(database: Database) -> None:
    await members(database)


async def write(database: Database) -> None:
    async with database.write() as session:
        session.add(Member(openid="o2", followed_at=datetime.now(UTC)))


async def write_at_once(database: Database) -> None:
    await database.run_in_write_transaction(add)


async def run_in_read_transaction(database: Database) -> None:
    await database.run_in_read_transaction(lambda connection: connection.scalar(select(1)))


USES = [read, write, write_at_once, run_in_read_transaction, try_write]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("used_before", [False, True])
async def test_every_use_says_that_a_refusing_server_is_away(
    impatient: tuple[Gateway, Database], use: "type[read]", used_before: bool
) -> None:
    gateway, database = impatient
    if used_before:
        await read(database)
    await gateway.close()
    with pytest.raises(DatabaseUnavailableError):
        await use(database)
    await gateway.open()
    await use(database)


@pytest.mark.parametrize("use", [write, write_at_once])
async def test_a_write_waits_for_a_server_that_comes_back(
    road: tuple[Gateway, Database], use: "type[write]"
) -> None:
    gateway, database = road
    await read(database)
    await gateway.close()
    writing = asyncio.create_task(use(database))
    await asyncio.sleep(0.3)
    assert not writing.done()
    await gateway.open()
    await writing
    assert await members(database) == 1


async def test_after_one_write_waited_in_vain_the_next_ones_do_not_wait(
    road: tuple[Gateway, Database],
) -> None:
    gateway, database = road
    await gateway.close()
    loop = asyncio.get_running_loop()
    for patient in (True, False, False):
        began = loop.time()
        with pytest.raises(DatabaseUnavailableError):
            await write(database)
        assert (loop.time() - began > 1.4) == patient


async def test_a_transaction_whose_connection_died_before_its_commit_runs_again(postgres_url: str) -> None:
    database = Database.open(postgres_url)
    runs = []

    def die_once(connection: Connection) -> int:
        runs.append(1)
        add(connection, f"o{len(runs)}")
        if len(runs) == 1:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return len(runs)

    assert await database.run_in_write_transaction(die_once) == 2
    assert await members(database) == 1
    await database.close()


async def test_a_connection_that_was_cut_between_two_statements_is_an_absence(
    road: tuple[Gateway, Database],
) -> None:
    gateway, database = road
    async with database.read() as session:
        await session.execute(select(1))
        await gateway.close()
        await asyncio.sleep(0.2)  # asyncpg has seen the end by now
        with pytest.raises(DatabaseUnavailableError):
            await session.execute(select(1))


async def test_a_rule_that_was_broken_is_no_absence(database: Database) -> None:
    await database.run_in_write_transaction(add)
    with pytest.raises(IntegrityError):
        await database.run_in_write_transaction(add)


async def read_only_sqlite(database: Database) -> None:
    await database.run_in_write_transaction(
        lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON") and None
    )


async def full_sqlite(database: Database) -> None:
    def fill(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.exec_driver_sql("CREATE TABLE filler AS SELECT randomblob(1000000)")

    await database.run_in_write_transaction(fill)


async def read_only_postgres(database: Database) -> None:
    async with database.write() as session:
        name = await session.scalar(text("SELECT current_database()"))
        await session.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    await database.engine.dispose()


async def test_a_database_that_takes_no_writes_is_away_for_writes_and_read_on(database_url: str) -> None:
    database = Database.open(database_url, retry_s=0.1)
    await (read_only_sqlite if database.is_sqlite else read_only_postgres)(database)
    with pytest.raises(DatabaseUnavailableError, match=r"(?i)read-?only"):
        await try_write(database)
    assert await members(database) == 0
    await database.close()


async def test_a_locked_file_is_waited_for_as_long_as_the_address_says(sqlite_url: str) -> None:
    holder, database = Database.open(sqlite_url), Database.open(f"{sqlite_url}?timeout=0.1")
    await read(database)
    async with holder.write(), asyncio.timeout(5):
        with pytest.raises(DatabaseUnavailableError, match="locked"):
            await write(database)
        with pytest.raises(DatabaseUnavailableError, match="locked"):
            await write_at_once(database)
    await write(database)
    for opened in (holder, database):
        await opened.close()


async def test_a_full_disk_is_an_absence(sqlite_database: Database) -> None:
    with pytest.raises(DatabaseUnavailableError, match="full"):
        await full_sqlite(sqlite_database)


async def test_answers_do_not_wait_for_a_database_that_is_away_or_silent(
    road: tuple[Gateway, Database],
) -> None:
    gateway, database = road
    await PolicyStore(database, system_clock).seed(load_library(), load_district())
    clock = [0.0]
    windows = Windows(database, system_clock, monotonic=lambda: clock[0])
    await windows.add_samples()
    known = await windows.recent()
    assert known
    gateway.fall_silent()
    async with asyncio.timeout(3):
        for _ in range(100):
            clock[0] += 1
            assert await windows.recent() == known
    await gateway.close()
    async with asyncio.timeout(3):
        for _ in range(100):
            clock[0] += 1
            assert await windows.recent() == known


async def test_questions_and_counts_outlive_a_database_that_refuses(
    impatient: tuple[Gateway, Database],
) -> None:
    gateway, database = impatient
    questions, tally = (
        QuestionLog(database),
        QuestionTally(database, lambda: datetime(2026, 3, 2, tzinfo=UTC)),
    )
    await questions.record("冷链物流的扶持", "declined")
    tally.note("none")
    await gateway.close()
    for collected in (questions, tally):
        for _ in range(2):
            with pytest.raises(DatabaseUnavailableError):
                await collected.flush()
    await questions.record("冷链物流的扶持", "declined")
    await gateway.open()
    assert [(group.times, group.wordings[0].text) for group in await questions.groups()] == [
        (2, "冷链物流的扶持")
    ]
    assert (await tally.days(date(2026, 3, 2), 1))[date(2026, 3, 2)]["declined"] == 1


async def test_what_could_not_be_written_takes_no_more_memory_than_what_waits(
    sqlite_database: Database,
) -> None:
    questions = QuestionLog(sqlite_database)
    async with sqlite_database.write() as session:
        await session.execute(text("ALTER TABLE asked_questions RENAME TO away"))
    for batch in range(3):
        for number in range(4_000):
            await questions.record(f"问题{batch}-{number}", "declined")
        with pytest.raises(SQLAlchemyError):
            await questions.flush()
    async with sqlite_database.write() as session:
        await session.execute(text("ALTER TABLE away RENAME TO asked_questions"))
    await questions.flush()
    async with sqlite_database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM asked_questions")) == 5_000


async def test_several_hosts_in_one_address_are_tried_for_the_one_that_takes_writes(
    postgres_url: str, unused_tcp_port: int
) -> None:
    async with gateway_to(postgres_url) as (gateway, url):
        one = url.replace(f"@127.0.0.1:{gateway.port}/", "@/")
        hosts = f"host=127.0.0.1:{unused_tcp_port}&host=127.0.0.1:{gateway.port}"
        database = Database.open(f"{one}?{hosts}&target_session_attrs=read-write")
        await try_write(database)
        assert await members(database) == 0
        await database.close()
