"""A stop stops: what is marked but has not left stays here, however slowly WeChat answers."""

import time
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from alerts.model.campaigns.campaign_states import CampaignAction
from alerts.model.campaigns.moves import act
from alerts.model.kill_switch import resume_sending, stop
from alerts.sending.outbox import FIRST
from alerts.sending.send_loop import Size
from subscriptions.tables import Member
from tests.alerts.delivery_stage import TEMPLATE, Stage, open_windows, until
from tests.alerts.worker.test_worker import nothing_under_way, settled, working

CUSTOM = "/cgi-bin/message/custom/send"
SIZE = Size(width=60, smallest=60, largest=120)
RECIPIENTS = 240
"""More than a worker has under way and marked."""
SOON_S, SLOW_S, SLOW_BY_CUSTOM_S = 0.1, 1.2, 0.5
PATIENCE_S = 60
Press = Callable[[Stage, int], Awaitable[None]]


async def pause(stage: Stage, campaign: int) -> None:
    """暂停."""
    async with stage.database.write() as session:
        await act(session, campaign, CampaignAction.PAUSE, stage.clock())


async def stop_all(stage: Stage, _campaign: int) -> None:
    """全局暂停."""
    async with stage.database.write() as session:
        await stop(session, "值班", "试验", stage.clock())


async def _all_under_way(stage: Stage, path: str, seconds: float) -> None:
    """Wait until WeChat has as many messages as a worker sends at once, and takes so long to answer each of them.

    The campaign's first messages are answered soon: the others wait for that.
    """

    async def called(n: int) -> bool:
        return bool((await stage.wechat.stats())["calls"].get(path, 0) >= n)

    await until(lambda: called(FIRST), PATIENCE_S)
    await stage.wechat.faults({"path": path, "kind": "slow", "seconds": seconds})
    await until(lambda: called(FIRST + SIZE.width), PATIENCE_S)


async def _left(stage: Stage) -> list[int]:
    """What each member has left of their allowance, in the order of their rows."""
    async with stage.database.read() as session:
        return list(await session.scalars(select(Member.message_left).order_by(Member.id)))


@pytest.mark.parametrize(
    ("database_url", "press"), [("sqlite", pause), ("postgresql", stop_all)], indirect=["database_url"]
)
async def test_after_a_stop_nothing_leaves_later_than_a_second_though_wechat_takes_longer_to_answer(
    stage: Stage, press: Press
) -> None:
    stage.patient()
    campaign = await stage.campaign(await stage.members(RECIPIENTS))
    await stage.wechat.faults({"path": TEMPLATE, "kind": "slow", "seconds": SOON_S})
    async with working(stage, size=SIZE):
        await _all_under_way(stage, TEMPLATE, SLOW_S)
        await press(stage, campaign)
        pressed = time.time()
        await until(lambda: nothing_under_way(stage, campaign), PATIENCE_S)
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
    members = await stage.members(RECIPIENTS, crowd={"window": True}, **open_windows(message=5))
    campaign = await stage.campaign(members)
    await stage.wechat.faults({"path": CUSTOM, "kind": "slow", "seconds": SOON_S})
    async with working(stage, size=SIZE):
        await _all_under_way(stage, CUSTOM, SLOW_BY_CUSTOM_S)
        await stop_all(stage, campaign)
        await until(lambda: nothing_under_way(stage, campaign), PATIENCE_S)
        states = await stage.states(campaign)
        left = await _left(stage)
        assert "pending" in states
        assert left == [4 if state == "sent" else 5 for state in states]
        async with stage.database.write() as session:
            assert await resume_sending(session)
        await stage.wechat.faults()
        await until(lambda: settled(stage, campaign), PATIENCE_S)
    assert (await stage.wechat.stats())["doubles"] == 0
    assert await stage.counts(campaign) == {"total": RECIPIENTS, "sent": RECIPIENTS}
