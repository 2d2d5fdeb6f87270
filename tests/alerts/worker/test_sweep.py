"""The sweep: what is in doubt goes first, and what it delivers itself ends with it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisAwayError
from sqlalchemy import update

from alerts.model.kill_switch import resume_sending, stop
from alerts.model.tables import Delivery
from alerts.worker.queue import ChunkQueue
from alerts.worker.sweep import CHUNKS_ON_QUEUE, Sweep
from storage.tasks.cancel_tasks import cancel_and_wait
from tests.alerts.delivery_stage import Stage
from tests.kit.polling_statements import statements

Deliver = Callable[[list[int]], Coroutine[Any, Any, None]]


class DroppingQueue(ChunkQueue):
    """A queue whose Redis answers how much waits, and is away when a chunk is put."""

    async def put(self, ids: object) -> None:
        raise RedisAwayError


def sweep_of(stage: Stage, deliver: Deliver, queue: type[ChunkQueue] = ChunkQueue, chunk: int = 5) -> Sweep:
    async def send_to_all(_campaign: int) -> None: ...

    return Sweep(
        stage.database,
        queue(stage.redis, deliver, stage.timing),
        stage.metrics,
        clock=stage.clock,
        deliver=deliver,
        send_to_all=send_to_all,
        timing=stage.timing,
        chunk=chunk,
    )


async def test_the_deliveries_of_a_sweep_without_redis_end_with_the_sweep(stage: Stage) -> None:
    await stage.campaign(await stage.members(50))
    begun: list[list[int]] = []
    first = asyncio.Event()
    ended = 0

    async def deliver(ids: list[int]) -> None:
        nonlocal ended
        begun.append(ids)
        first.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended += 1

    sweep = sweep_of(stage, deliver, DroppingQueue)
    running = asyncio.create_task(sweep.run())
    await first.wait()
    for _ in range(3):
        await sweep.fill()
    await cancel_and_wait([running])
    assert len(begun) == ended == 1


async def test_a_row_in_doubt_goes_before_the_most_urgent_though_the_queue_is_full(stage: Stage) -> None:
    """WeChat forgets its id in ten minutes; others can wait."""
    [doubtful] = await stage.members()
    late = await stage.campaign([doubtful], closes_on=None)
    async with stage.database.write() as session:
        await session.execute(
            update(Delivery).values(channel="template", attempts=1, tried_at=stage.real_ago(60))
        )
    await stage.campaign(await stage.members(60))
    delivered: list[int] = []

    async def deliver(ids: list[int]) -> None:
        delivered.extend(ids)

    sweep = sweep_of(stage, deliver)
    assert await sweep.fill() == 5 * CHUNKS_ON_QUEUE
    await asyncio.sleep(0)
    assert delivered == [row.id for row in await stage.rows(late)]


async def test_an_idle_worker_asks_one_statement_a_look_and_two_more_a_sweep(stage: Stage) -> None:
    async def deliver(_ids: list[int]) -> None: ...

    stage.timing = replace(stage.timing, sweep_s=0)
    sweep = sweep_of(stage, deliver)
    await sweep.once()  # Redis is asked first whether it was emptied
    with statements() as asked:
        await sweep.fill()
        await sweep.once()
    assert len(asked) == 1 + 3


@pytest.mark.parametrize("stopped", [True, False])
async def test_nothing_is_queued_while_everything_is_stopped(stage: Stage, stopped: bool) -> None:
    await stage.campaign(await stage.members(3))
    if stopped:
        async with stage.database.write() as session:
            await stop(session, "值班", "试验", stage.clock())

    async def deliver(_ids: list[int]) -> None: ...

    assert await sweep_of(stage, deliver).fill() == (0 if stopped else 3)


async def test_what_a_stop_met_on_the_queue_is_queued_at_once_when_it_is_lifted(stage: Stage) -> None:
    stage.timing = replace(stage.timing, queued_s=3600)
    campaign = await stage.campaign(await stage.members(3))

    async def deliver(_ids: list[int]) -> None: ...

    sweep = sweep_of(stage, deliver)
    assert await sweep.fill() == 3
    async with stage.database.write() as session:
        await stop(session, "值班", "试验", stage.clock())
    assert await stage.deliver(campaign) == 0  # the chunk comes to a worker
    async with stage.database.write() as session:
        await resume_sending(session)
    assert await sweep.fill() == 3
