"""A claimed row is its worker's while the worker lives, however low the rate; and nobody's soon after it died."""

import asyncio
from dataclasses import replace
from functools import partial

from alerts.ledger.recover_leases import recover
from alerts.model.rows.row_states import Timing
from alerts.sending.send_loop import Size
from tests.alerts.delivery_stage import TEMPLATE, Stage, until
from tests.alerts.worker.test_worker import settled, working

ONE_BY_ONE = Size(width=1, smallest=1, largest=1)


async def test_a_chunk_may_take_longer_than_its_lease_at_a_low_rate_with_two_workers(stage: Stage) -> None:
    """More than a second's worth waits: after the first thirty, WeChat gets none for a second."""
    stage.timing = replace(stage.timing, claim_s=0.8, sweep_s=0.1)
    campaigns = [await stage.campaign(await stage.members(18)) for _ in range(2)]  # a chunk each
    recovered = 0
    async with asyncio.timeout(60), working(stage, rate=30), working(stage, rate=30):
        while not all([await settled(stage, campaign) for campaign in campaigns]):
            taken_back = await stage.database.run_in_write_transaction(
                partial(recover, now=stage.clock(), timing=stage.timing)
            )
            recovered += taken_back["claimed"]
            await asyncio.sleep(0.05)
    assert recovered == 0
    assert stage.measured("policybot_deliveries_recovered_total", state="claimed") == 0
    assert [await stage.counts(campaign) for campaign in campaigns] == [{"total": 18, "sent": 18}] * 2
    assert (await stage.wechat.stats())["doubles"] == 0


async def test_rows_of_a_worker_that_died_are_free_when_their_lease_ends(stage: Stage) -> None:
    stage.timing = replace(stage.timing, claim_s=0.3)
    campaign = await stage.campaign(await stage.members(20))
    ids = [row.id for row in await stage.rows(campaign)]
    await stage.wechat.faults({"path": TEMPLATE, "kind": "slow", "seconds": 0.5})
    async with stage.delivering(size=ONE_BY_ONE) as dispatcher:  # nobody renews its leases
        dying = asyncio.create_task(dispatcher.deliver(ids))
        await until(lambda: _claimed(stage))
        await until(lambda: _taken_back(stage))
        dying.cancel()


async def _claimed(stage: Stage) -> bool:
    return "claimed" in await stage.states()


async def _taken_back(stage: Stage) -> bool:
    taken_back = await stage.database.run_in_write_transaction(
        partial(recover, now=stage.clock(), timing=stage.timing)
    )
    return bool(taken_back["claimed"])


def test_what_a_killed_worker_held_is_found_within_three_quarters_of_a_minute() -> None:
    timing = Timing()
    assert max(timing.claim_s, timing.try_s) + timing.sweep_s <= 45
