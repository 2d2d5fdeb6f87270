"""What is taught in one process takes effect in another that runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from policies.district.folder import load_district
from policies.knowledge import Knowledge
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from policies.questions.lessons import Lessons
from storage.sql.database import Database
from storage.tasks.polling import SharedPoll
from tests.kit.clocks import SetClock

_TAKES_EFFECT_IN_S = 1.0
_BUILDING_S = 10.0
"""Allowed for building an index on a busy machine, which the second doesn't count."""


@asynccontextmanager
async def running(database: Database, knowledge: Knowledge) -> AsyncIterator[Knowledge]:
    await knowledge.refresh()
    poll = SharedPoll(database)
    poll.follow(knowledge.followed())
    task = asyncio.create_task(poll.run())
    yield knowledge
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _until_answered(knowledge: Knowledge, text: str, first: int) -> None:
    while knowledge.index.decide(text).clauses[:1] != (first,):  # noqa: ASYNC110 - of another task
        await asyncio.sleep(0.01)


async def test_a_word_taught_elsewhere_takes_effect_within_a_second(
    database_url: str, database: Database, clock: SetClock
) -> None:
    """Two processes are two connections: what teaches shares nothing with what answers but the database."""
    await PolicyStore(database, clock).seed(load_library(), load_district())
    elsewhere = Database.open(database_url)
    async with running(database, Knowledge(PolicyStore(database, clock), Lessons(database))) as knowledge:
        assert knowledge.index.decide("鲲鹏工程").clauses == ()
        await Lessons(elsewhere).teach(22, "鲲鹏工程", "王")
        async with asyncio.timeout(_TAKES_EFFECT_IN_S + _BUILDING_S):
            await _until_answered(knowledge, "鲲鹏工程", 22)
    await elsewhere.close()
