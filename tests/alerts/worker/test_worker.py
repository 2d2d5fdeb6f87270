"""A whole worker on a real Valkey: the queue, its loss, the sweep, pause and rate."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

import pytest
from prometheus_client import CollectorRegistry, Histogram
from structlog.testing import capture_logs

from alerts.ledger.claim import pick_due
from alerts.model.campaigns.campaign_states import CampaignAction
from alerts.model.campaigns.moves import act
from alerts.sending.send_loop import Size
from alerts.worker import worker
from alerts.worker.queue import STREAM, ChunkQueue
from storage.redis.client import open_redis
from tests.alerts.delivery_stage import SIZE, TEMPLATE, Stage, until

FIVE_AT_ONCE = Size(width=5, smallest=5, largest=5)


@asynccontextmanager
async def working(stage: Stage, *, rate: float = 0, size: Size = SIZE) -> AsyncIterator[None]:
    task = asyncio.create_task(worker.run(stage.worker(rate=rate, size=size)))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def settled(stage: Stage, campaign: int) -> bool:
    return "pending" not in await stage.counts(campaign)


async def test_a_worker_finds_what_is_due_and_sends_each_once(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(700))
    async with working(stage), working(stage):
        await until(lambda: settled(stage, campaign))
    stats = await stage.wechat.stats()
    assert await stage.counts(campaign) == {"total": 700, "sent": 700}
    assert (stats["delivered"], stats["doubles"], stats["swallowed"]) == (700, 0, 0)


async def test_a_redis_that_loses_everything_loses_no_alert(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(300))
    async with working(stage, rate=200):
        await until(lambda: _begun(stage))
        for _ in range(5):
            await stage.redis.flushall()
            await asyncio.sleep(0)
        await until(lambda: settled(stage, campaign))
    assert await stage.counts(campaign) == {"total": 300, "sent": 300}
    assert (await stage.wechat.stats())["doubles"] == 0


async def _begun(stage: Stage) -> bool:
    return bool((await stage.wechat.stats())["delivered"])


async def test_without_redis_the_worker_sends_by_its_own_sweep(stage: Stage) -> None:
    stage.redis = open_redis("redis://127.0.0.1:1/0")
    campaign = await stage.campaign(await stage.members(30))
    async with working(stage):
        await until(lambda: settled(stage, campaign))
    await stage.redis.aclose()
    assert await stage.counts(campaign) == {"total": 30, "sent": 30}


_FULL_DISK = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE UPDATE ON deliveries FOR EACH STATEMENT EXECUTE FUNCTION full_disk()
"""


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_chunk_under_which_the_database_went_away_leaves_as_soon_as_it_is_back(stage: Stage) -> None:
    """Not when a queued row is queued again, which takes an hour here."""
    stage.timing = replace(stage.timing, queued_s=3600)
    campaign = await stage.campaign(await stage.members(3))
    picking = partial(pick_due, campaign_id=campaign, limit=3, now=stage.clock(), timing=stage.timing)
    queue = ChunkQueue(stage.redis, asyncio.sleep, stage.timing)
    await queue.was_emptied()  # a sweep forgets what was queued before
    await queue.put(await stage.database.run_in_write_transaction(picking))
    await _change(stage, _FULL_DISK)
    with capture_logs() as logs:
        async with working(stage):
            await until(lambda: _logged(logs, "worker.chunk_broke"))
            await _change(stage, "DROP FUNCTION full_disk CASCADE")
            await until(lambda: settled(stage, campaign))
    assert await stage.counts(campaign) == {"total": 3, "sent": 3}


async def _change(stage: Stage, statements: str) -> None:
    async with stage.database.engine.connect() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.execute(statements)


async def _logged(logs: Sequence[Mapping[str, object]], event: str) -> bool:
    return any(line["event"] == event for line in logs)


async def test_a_pause_and_a_cancellation_act_within_a_second(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(150))
    await stage.wechat.faults({"path": TEMPLATE, "kind": "slow", "seconds": 0.05})
    async with working(stage, size=FIVE_AT_ONCE):
        await until(lambda: _begun(stage))
        async with stage.database.write() as session:
            await act(session, campaign, CampaignAction.PAUSE, stage.clock())
        pressed = time.time()
        await until(lambda: nothing_under_way(stage, campaign))
        delivered = (await stage.wechat.stats())["delivered"]
        assert 0 < delivered < 150
    stats = await stage.wechat.stats()
    assert stats["delivered"] == delivered
    assert stats["last_calls"][TEMPLATE] <= pressed + 1
    assert (await stage.states(campaign)).count("sent") == delivered


async def nothing_under_way(stage: Stage, campaign: int) -> bool:
    return not {"trying", "claimed"} & set(await stage.states(campaign))


async def test_the_rate_holds_over_all_workers(stage: Stage) -> None:
    await stage.campaign(await stage.members(100))
    began = time.monotonic()
    async with working(stage, rate=40), working(stage, rate=40):
        await until(lambda: _delivered(stage, 60))
        delivered = (await stage.wechat.stats())["delivered"]
        seconds = time.monotonic() - began
    assert delivered <= 40 + 40 * seconds


async def _delivered(stage: Stage, n: int) -> bool:
    return bool((await stage.wechat.stats())["delivered"] >= n)


async def test_a_worker_that_is_stopped_gives_back_what_has_not_left(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(200))
    async with working(stage, rate=50):
        await until(lambda: _begun(stage))
    states = await stage.states(campaign)
    assert set(states) == {"sent", "pending"}
    assert states.count("sent") == (await stage.wechat.stats())["delivered"]


async def test_a_worker_whose_pipe_broke_ends_for_another_to_take_over(stage: Stage) -> None:
    await stage.campaign(await stage.members(3))
    parts = stage.worker()
    unlabelled = Histogram("broken", "as after a programmer's slip", registry=CollectorRegistry())
    async with asyncio.timeout(20):
        with pytest.raises(ValueError, match="label"):
            await worker.run(replace(parts, metrics=replace(parts.metrics, latency=unlabelled)))


async def test_chunks_are_acked_and_do_not_pile_up(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(600))
    async with working(stage):
        await until(lambda: settled(stage, campaign))
        await until(lambda: _all_acked(stage))


async def _all_acked(stage: Stage) -> bool:
    groups = await stage.redis.xinfo_groups(STREAM)
    return all(group["pending"] == 0 for group in groups)
