"""The send loop sends only while its mark surely holds, and repeats only while WeChat surely remembers."""

from dataclasses import replace

from sqlalchemy import update

from alerts.model.tables import Delivery
from alerts.sending.send_loop import Size
from tests.alerts.delivery_stage import TEMPLATE, Stage

ONE_BY_ONE = Size(width=1)
ANSWER_S = 0.6
IN_TIME_S = ANSWER_S * 0.8
"""Long enough for the first message to leave, too short for the second."""


async def deliver_one_by_one(stage: Stage) -> None:
    """Once, by one sender, to a WeChat that takes a while to answer."""
    await stage.wechat.faults({"path": TEMPLATE, "kind": "slow", "seconds": ANSWER_S})
    async with stage.delivering(size=ONE_BY_ONE) as dispatcher:
        await dispatcher.deliver([row.id for row in await stage.rows() if row.state == "pending"])


async def test_a_message_whose_mark_may_lapse_while_it_is_under_way_stays(stage: Stage) -> None:
    """Another worker might take the row back and send it meanwhile."""
    stage.timing = replace(stage.timing, try_s=stage.timing.request_s + IN_TIME_S)
    campaign = await stage.campaign(await stage.members(3))
    await deliver_one_by_one(stage)
    rows = await stage.rows(campaign)
    assert [row.state for row in rows] == ["sent", "pending", "pending"]
    assert [(row.attempts, row.tried_at) for row in rows[1:]] == [(0, None)] * 2
    assert (await stage.wechat.stats())["calls"][TEMPLATE] == 1


async def test_a_doubt_that_wechat_forgets_while_it_waits_for_its_turn_is_not_repeated(stage: Stage) -> None:
    """It would be a second message, not the same."""
    campaign = await stage.campaign(await stage.members(3))
    stage.timing = replace(stage.timing, remembered_s=60)
    async with stage.database.write() as session:
        await session.execute(
            update(Delivery).values(channel="template", attempts=1, tried_at=stage.real_ago(60 - IN_TIME_S))
        )
    await deliver_one_by_one(stage)
    rows = await stage.rows(campaign)
    assert sorted(row.state for row in rows) == ["pending", "pending", "sent"]
    assert all(row.tried_at is not None for row in rows if row.state == "pending")  # still in doubt
    assert (await stage.wechat.stats())["calls"][TEMPLATE] == 1
    await stage.deliver(campaign)
    assert sorted(await stage.states(campaign)) == ["sent", "unknown", "unknown"]
