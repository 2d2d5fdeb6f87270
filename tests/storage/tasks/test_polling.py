"""All that a process follows is one statement a look; no part holds up another."""

import asyncio

import pytest
from sqlalchemy import ColumnElement, literal, select, text
from structlog.testing import capture_logs

from alerts.member.alerts_of_member import MemberAlerts
from alerts.member.page_links import AlertLinks
from policies.company_facts.rules_watch import RulesWatch
from policies.district.folder import load_district
from policies.guides.store import GuideStore
from policies.knowledge import Knowledge
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from policies.questions.lessons import Lessons
from storage.business_clock import BusinessClock
from storage.clock import system_clock
from storage.sql.database import Database
from storage.sql.switches import Switch, set_switch
from storage.tasks.polling import Followed, SharedPoll
from subscriptions.handoff import Handoffs
from tests.kit.polling_statements import statements


def switched(name: str) -> ColumnElement[str]:
    return select(Switch.value).where(Switch.name == name).scalar_subquery()


async def test_an_idle_web_process_asks_one_statement_a_look(database: Database) -> None:
    store = PolicyStore(database, system_clock)
    await store.seed(load_library(), load_district())
    knowledge = Knowledge(store, Lessons(database), guides=GuideStore(database))
    rules = RulesWatch(store, lambda _rules, _texts: None)
    await knowledge.refresh()
    await rules.refresh()
    alerts = MemberAlerts(database, system_clock, AlertLinks(b"k" * 32, "http://x"))
    poll = SharedPoll(database)
    for followed in (
        *BusinessClock(database).followed(),
        knowledge.followed(),
        rules.followed(),
        alerts.hints.followed(),
        Handoffs(database, system_clock).followed(),
    ):
        poll.follow(followed)
    await asyncio.gather(*await poll.look())
    with statements() as asked:
        for _ in range(3):
            await asyncio.gather(*await poll.look())
    assert len(asked) == 3


async def test_what_takes_long_in_one_part_is_not_begun_twice_and_delays_no_other(database: Database) -> None:
    go, begun, heard = asyncio.Event(), [], []

    async def take_long(value: str | None) -> None:
        begun.append(value)
        await go.wait()

    poll = SharedPoll(database)
    poll.follow(Followed("slow", [switched("a")], take_long))
    poll.follow(Followed("quick", [switched("b"), literal(7)], lambda *values: heard.append(values)))
    for value in ("1", "2"):
        await database.run_in_write_transaction(
            lambda connection, value=value: [
                set_switch(connection, name, value, "", system_clock()) for name in "ab"
            ]
        )
        [working] = await poll.look()
        await asyncio.sleep(0)
    assert (begun, heard) == (["1"], [("1", 7), ("2", 7)])
    go.set()
    await working
    await asyncio.gather(*await poll.look())
    assert begun == ["1", "2"]


async def test_parts_are_told_when_the_database_is_away_and_hear_again_when_it_is_back(
    database: Database,
) -> None:
    heard: list[str | None] = []
    poll = SharedPoll(database)
    poll.follow(Followed("quick", [switched("a")], heard.append, lambda: heard.append("lost")))

    async def rename(one: str, other: str) -> None:
        async with database.write() as session:
            await session.execute(text(f"ALTER TABLE {one} RENAME TO {other}"))

    running = asyncio.create_task(poll.run())
    with capture_logs() as logged:
        async with asyncio.timeout(20):
            while heard[-1:] != [None]:  # noqa: ASYNC110 - of another task
                await asyncio.sleep(0.01)
            await rename("switches", "gone")
            while heard[-1:] != ["lost"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await rename("gone", "switches")
            while heard[-1:] != [None]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    events = [one["event"] for one in logged]
    assert events == ["database.not_looked_at", "database.not_looked_at.recovered"]


async def test_a_fault_of_ours_ends_the_poll(sqlite_database: Database) -> None:
    async def break_down(_value: object) -> None:
        raise KeyError("ours")

    poll = SharedPoll(sqlite_database)
    poll.follow(Followed("broken", [literal(1)], break_down))
    with pytest.raises(KeyError, match="ours"):
        await poll.run()
