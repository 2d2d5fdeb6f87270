"""The lease: one holder at a time, taken over after its death, fenced inside transactions."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from alerts.lease.lease import (
    LEASE_SECONDS,
    SCHEDULER,
    HeldLease,
    LeaseLostError,
    guard,
    release,
    renew,
    take,
)
from alerts.lease.schedule import Job, run_schedule
from alerts.model.tables import Lease
from storage.sql.batches import database_now
from storage.sql.database import Database
from storage.sql.database_errors import DatabaseUnavailableError
from storage.sql.switches import Switch

NAME = "scheduler"


async def die(database: Database) -> None:
    """The holder's last renewal was long ago, by the database's time."""
    async with database.write() as session:
        await session.execute(update(Lease).values(expires_at=datetime(2020, 1, 1, tzinfo=UTC)))


async def test_one_of_many_who_ask_at_once_gets_it(database: Database) -> None:
    asked = await asyncio.gather(*(take(database, NAME, f"process {n}") for n in range(8)))
    assert sum(held is not None for held in asked) == 1


async def test_a_held_lease_is_not_given_to_another_nor_to_its_holder_again(database: Database) -> None:
    assert await take(database, NAME, "a") is not None
    assert await take(database, NAME, "b") is None
    assert await take(database, NAME, "a") is None


async def test_after_its_holder_died_another_takes_over_with_a_higher_fence(database: Database) -> None:
    first = await take(database, NAME, "a")
    await die(database)
    second = await take(database, NAME, "b")
    assert first is not None
    assert second is not None
    assert second.fence > first.fence


async def test_a_lease_lasts_from_the_databases_now(database: Database) -> None:
    held = await take(database, NAME, "a")
    assert held is not None
    async with database.read() as session:
        lease = await session.get_one(Lease, NAME)
    left = (lease.expires_at - datetime.now(UTC)).total_seconds()
    assert 0 < left <= LEASE_SECONDS + 1
    assert LEASE_SECONDS * 1.2 < 15  # expiry, and the fifth of it until someone asks


async def test_a_released_lease_is_free_at_once(database: Database) -> None:
    held = await take(database, NAME, "a")
    assert held is not None
    await release(database, held)
    with pytest.raises(LeaseLostError):
        await renew(database, held)
    assert await take(database, NAME, "b") is not None


async def test_a_process_whose_lease_was_taken_over_can_write_nothing(database: Database) -> None:
    old = await take(database, NAME, "a")
    assert old is not None
    await die(database)
    assert await take(database, NAME, "b") is not None
    await release(database, old)  # of no effect on the other's

    async def write_as(held: HeldLease) -> None:
        async with database.write() as session:
            session.add(Switch(name="x", value="", changed_by="a", changed_at=datetime.now(UTC)))
            await session.flush()
            await guard(session, held)

    with pytest.raises(LeaseLostError):
        await write_as(old)
    async with database.read() as session:
        assert (await session.scalars(select(Switch))).all() == []
    assert await take(database, NAME, "c") is None


async def test_a_guarded_transaction_keeps_its_lease_until_it_ends(database: Database) -> None:
    held = await take(database, NAME, "a")
    assert held is not None
    async with database.write() as session:
        await guard(session, held)
        thief = asyncio.create_task(take(database, NAME, "b", seconds=5))
        done, _ = await asyncio.wait([thief], timeout=0.05)
        assert not done, "the row is locked"
    await thief


async def test_jobs_run_in_one_process_and_in_the_other_after_its_end(database: Database) -> None:
    ran: asyncio.Queue[tuple[str, int]] = asyncio.Queue()

    def process(name: str) -> "asyncio.Task[None]":
        async def work(held: HeldLease) -> None:
            await ran.put((name, held.fence))

        async def breaks(held: HeldLease) -> None:
            raise ValueError(name)

        jobs = [Job("works", 0.1, work), Job("breaks", 0.1, breaks)]
        return asyncio.create_task(run_schedule(database, jobs, name, lease_seconds=2.0))

    first = process("a")
    assert (await asyncio.wait_for(ran.get(), 20))[0] == "a"
    second = process("b")
    assert {(await asyncio.wait_for(ran.get(), 20))[0] for _ in range(2)} == {"a"}
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    while (taken := await asyncio.wait_for(ran.get(), 20))[0] == "a":
        pass
    assert taken == ("b", 2)
    second.cancel()
    with suppress(asyncio.CancelledError):
        await second


async def test_jobs_go_on_while_the_machines_clock_is_set_back(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SetBack(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "SetBack":
            return super().now(tz) - timedelta(minutes=2 * ran.qsize())

    ran: asyncio.Queue[int] = asyncio.Queue()
    for module in ("schedulers.base", "triggers.interval", "schedulers.asyncio", "executors.base"):
        monkeypatch.setattr(f"apscheduler.{module}.datetime", SetBack, raising=False)

    async def work(held: HeldLease) -> None:
        await ran.put(held.fence)

    running = asyncio.create_task(run_schedule(sqlite_database, [Job("works", 0.05, work)], "a"))
    async with asyncio.timeout(10):
        while ran.qsize() < 3:  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.02)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_job_that_meets_an_absent_database_is_told_of_once_and_goes_on(
    sqlite_database: Database,
) -> None:
    tries: asyncio.Queue[int] = asyncio.Queue()

    async def work(held: HeldLease) -> None:
        await tries.put(held.fence)
        raise DatabaseUnavailableError("disk is full")

    with capture_logs() as logs:
        running = asyncio.create_task(run_schedule(sqlite_database, [Job("works", 0.01, work)], "a"))
        for _ in range(5):
            await asyncio.wait_for(tries.get(), 10)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert [line["log_level"] for line in logs if "works" in line["event"]] == ["warning"]


async def test_a_lease_from_before_the_clock_was_set_back_holds_nobody_up(database: Database) -> None:
    held = await take(database, SCHEDULER, "a")
    assert held is not None
    assert await take(database, SCHEDULER, "b") is None
    async with database.write() as session:
        in_two_minutes = database_now(session, 120)
        await session.execute(update(Lease).values(expires_at=in_two_minutes))
    assert await take(database, SCHEDULER, "b") is not None


class Schedulers:
    """Scheduler processes with a lease of one second; each prints its name and fence whenever it ticks."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._asks, self._told = process.stdin, process.stdout

    async def begin(self, name: str) -> int:
        """Start one; its process id."""
        self._asks.write(f"{name}\n".encode())
        while (told := await self._line())[0] != f"process of {name}":
            pass
        return told[1]

    async def tick(self) -> tuple[str, int]:
        """The next tick of any: who, under which fence."""
        while (told := await self._line())[0].startswith("process of "):
            pass
        return told

    async def _line(self) -> tuple[str, int]:
        while line := (await asyncio.wait_for(self._told.readline(), 20)).decode().strip():
            name, _, number = line.rpartition(" ")
            if number.isdigit():  # no line of the log
                return name, int(number)
        raise AssertionError("the schedulers ended")


@pytest.fixture
async def schedulers(database_url: str) -> AsyncIterator[Schedulers]:
    arguments = ["-m", "tests.alerts.scheduler_process", database_url, "1"]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    yield Schedulers(process)
    process.stdin.close()  # then it ends all
    await process.communicate()


async def test_after_a_kill_the_other_process_takes_over(schedulers: Schedulers) -> None:
    first = await schedulers.begin("a")
    assert await schedulers.tick() == ("a", 1)
    await schedulers.begin("b")
    assert (await schedulers.tick())[0] == "a"
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(LEASE_SECONDS * 1.5):  # of a lease ten times as short: this machine is slow
        while (told := await schedulers.tick())[0] == "a":  # said before
            pass
    assert told == ("b", 2)
