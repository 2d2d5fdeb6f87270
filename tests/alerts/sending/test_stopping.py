"""A stop stops: what is marked but has not left stays here, however slowly WeChat answers."""

import time
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from alerts.model.campaign_states import Action
from alerts.model.campaigns import act
from alerts.model.kill_switch import resume_sending, stop
from subscriptions.tables import Member
from tests.alerts.stage import Stage, open_windows, until
from tests.alerts.worker.test_worker import settled, working

TEMPLATE = "/cgi-bin/message/template/send"
CUSTOM = "/cgi-bin/message/custom/send"
RECIPIENTS, RECIPIENTS_BY_CUSTOM = 700, 400
"""More than a worker has under way, twice."""
SLOW_S = 1.5
PATIENCE_S = 60
Press = Callable[[Stage, int], Awaitable[None]]


async def pause(stage: Stage, campaign: int) -> None:
    """暂停."""
    async with stage.database.write() as session:
        await act(session, campaign, Action.PAUSE, stage.clock())


async def stop_all(stage: Stage, _campaign: int) -> None:
    """全局暂停."""
    async with stage.database.write() as session:
        await stop(session, "值班", "试验", stage.clock())


async def _answered(stage: Stage, n: int) -> bool:
    return bool((await stage.wechat.stats())["delivered"] >= n)


async def _left(stage: Stage) -> list[int]:
    """What each member has left of their allowance, in the order of their rows."""
    async with stage.database.read() as session:
        return list(await session.scalars(select(Member.message_left).order_by(Member.id)))


async def _none_under_way(stage: Stage, campaign: int) -> bool:
    return not {"trying", "claimed"} & set(await stage.states(campaign))


@pytest.mark.parametrize(
    ("database_url", "press"), [("sqlite", pause), ("postgresql", stop_all)], indirect=["database_url"]
)
async def test_after_a_stop_nothing_leaves_later_than_a_second_though_wechat_takes_longer_to_answer(
    stage: Stage, press: Press
) -> None:
    stage.patient()
    campaign = await stage.campaign(await stage.members(RECIPIENTS))
    await stage.wechat.faults({"path": TEMPLATE, "kind": "slow", "seconds": SLOW_S})
    async with working(stage):
        await until(lambda: _answered(stage, 100), PATIENCE_S)
        await press(stage, campaign)
        pressed = time.time()
        await until(lambda: _none_under_way(stage, campaign), PATIENCE_S)
    stats = await stage.wechat.stats()
    assert stats["last_calls"][TEMPLATE] <= pressed + 1
    rows = await stage.rows(campaign)
    sent = [row for row in rows if row.state == "sent"]
    kept = [row for row in rows if row.state == "pending"]
    assert len(sent) == stats["calls"][TEMPLATE] == stats["delivered"] < RECIPIENTS
    assert len(sent) + len(kept) == RECIPIENTS
    assert {(row.tried_at, row.attempts, row.claimed_until) for row in kept} == {(None, 0, None)}


async def test_what_a_stop_held_back_costs_no_allowance_and_leaves_when_it_is_lifted(stage: Stage) -> None:
    stage.patient()
    stage.without()
    members = await stage.members(RECIPIENTS_BY_CUSTOM, crowd={"window": True}, **open_windows(message=5))
    campaign = await stage.campaign(members)
    await stage.wechat.faults({"path": CUSTOM, "kind": "slow", "seconds": 1.0})
    async with working(stage):
        await until(lambda: _answered(stage, 100), PATIENCE_S)
        await stop_all(stage, campaign)
        await until(lambda: _none_under_way(stage, campaign), PATIENCE_S)
        states = await stage.states(campaign)
        left = await _left(stage)
        assert "pending" in states
        assert left == [4 if state == "sent" else 5 for state in states]
        async with stage.database.write() as session:
            assert await resume_sending(session)
        await stage.wechat.faults()
        await until(lambda: settled(stage, campaign), PATIENCE_S)
    assert (await stage.wechat.stats())["doubles"] == 0
    assert await stage.counts(campaign) == {"total": RECIPIENTS_BY_CUSTOM, "sent": RECIPIENTS_BY_CUSTOM}
