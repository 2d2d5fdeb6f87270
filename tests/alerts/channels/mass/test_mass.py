"""Mass sends: to lists and to all, counted by the month, and how they end."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from alerts.channels.mass.jobs import JobReport, JobStatus, failure_of
from alerts.channels.mass.send_to_all import DAY_FULL, FORGOTTEN, SendToAll
from alerts.channels.mass.status_poll import MassStatus
from alerts.lease.lease import HeldLease
from alerts.ledger.dead_letters import confirm_unknown, retry
from alerts.ledger.overview import attention, dead_letters
from alerts.ledger.receipts import ReceiptWriter
from alerts.model.campaigns.campaign_counts import add_counts
from alerts.model.campaigns.campaign_states import CampaignAction, Status
from alerts.model.campaigns.moves import act
from alerts.model.content import AlertKind
from alerts.model.rows.row_reasons import NO_ANSWER
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Delivery, MassJob
from alerts.scheduling.campaign_progress import CampaignProgress
from tests.alerts.delivery_stage import Stage, open_windows
from wechat.account import AccountKind

MASS = "/cgi-bin/message/mass/send"
MASS_TO_ALL = "/cgi-bin/message/mass/sendall"


async def announcement(stage: Stage, members: list[int], **more: object) -> int:
    return await stage.campaign(members, kind=AlertKind.ANNOUNCEMENT, channel="mass", closes_on=None, **more)  # type: ignore[arg-type]


async def jobs(stage: Stage) -> list[MassJob]:
    async with stage.database.read() as session:
        return list(await session.scalars(select(MassJob).order_by(MassJob.id)))


def to_all(stage: Stage) -> SendToAll:
    return SendToAll(stage.database, stage.outlet, stage.clock, random.Random(1), stage.timing)


async def test_a_list_is_one_call_and_its_rows_say_accepted(stage: Stage) -> None:
    campaign = await announcement(stage, await stage.members(30))
    await stage.deliver(campaign)
    assert set(await stage.states(campaign)) == {"accepted"}
    assert (await stage.wechat.stats())["calls"][MASS] == 1
    [job] = await jobs(stage)
    assert job.message_id == (await stage.rows(campaign))[0].message_id


async def test_a_mass_send_without_an_answer_is_not_doubled(stage: Stage) -> None:
    campaign = await announcement(stage, await stage.members(30))
    await stage.wechat.faults({"path": MASS, "kind": "reset_after", "times": 1})
    await stage.deliver_until_settled(campaign)
    assert set(await stage.states(campaign)) == {"accepted"}
    assert (await stage.wechat.stats())["doubles"] == 0


async def test_one_member_alone_is_no_list_and_goes_another_way(stage: Stage) -> None:
    stage.without()
    members = await stage.members(crowd={"window": True}, **open_windows(message=5))
    campaign = await announcement(stage, members)
    await stage.deliver(campaign)
    assert MASS not in (await stage.wechat.stats())["calls"]


async def test_a_fifth_mass_send_in_a_month_is_skipped(stage: Stage) -> None:
    members = await stage.members(2)
    for _ in range(5):
        await stage.deliver(await announcement(stage, members))
    states = [row.state for row in await stage.rows()]
    assert states == ["accepted"] * 8 + ["skipped"] * 2
    stage.clock.on(date(2026, 12, 1))
    await stage.deliver(await announcement(stage, members))
    assert (await stage.states())[-2:] == ["accepted"] * 2


async def test_a_send_to_all_is_one_call_and_the_rows_follow(stage: Stage) -> None:
    campaign = await announcement(stage, await stage.members(3), everyone=True)
    for _ in range(2):
        await to_all(stage).advance(campaign)
    assert await stage.counts(campaign) == {"total": 3, "accepted": 3}
    assert (await stage.wechat.stats())["calls"][MASS_TO_ALL] == 1


async def test_a_subscription_account_sends_to_all_once_a_day(stage: Stage) -> None:
    stage.account(AccountKind.SUBSCRIPTION)
    members = await stage.members(2)
    first, second = [await announcement(stage, members, everyone=True) for _ in range(2)]
    await to_all(stage).advance(first)
    await to_all(stage).advance(second)
    paused = await stage.get(second)
    assert (paused.status, paused.reason) == (Status.PAUSED, DAY_FULL)


async def test_how_a_mass_send_ended_is_written_down_once(stage: Stage) -> None:
    campaign = await announcement(stage, await stage.members(2))
    await stage.deliver(campaign)
    [job] = await jobs(stage)
    receipts = ReceiptWriter(stage.database, stage.clock)
    await receipts.finish_mass(JobReport(job.message_id or "", False, "涉嫌欺诈", 2, 0, 0, 0))
    await receipts.finish_mass(JobReport(job.message_id or "", True, "", 2, 2, 2, 0))
    assert await stage.counts(campaign) == {"total": 2, "failed": 2}
    assert {row.reason for row in await stage.rows(campaign)} == {"涉嫌欺诈"}


async def test_wechat_is_asked_where_the_event_never_came(stage: Stage) -> None:
    await stage.wechat.ask("PUT", "rules", {"mass_seconds": 0})
    await stage.deliver(await announcement(stage, await stage.members(2)))
    status = MassStatus(stage.database, stage.client, stage.clock)
    assert await status.once() == 0
    stage.clock.now += timedelta(minutes=40)
    assert await status.once() == 1
    assert [job.status for job in await jobs(stage)] == ["done"]


async def test_a_send_to_all_that_wechat_refuses_leaves_dead_letters_that_can_go_again(stage: Stage) -> None:
    campaign = await announcement(stage, await stage.members(3), everyone=True)
    await stage.wechat.faults({"path": MASS_TO_ALL, "kind": "errcode", "errcode": 45002, "times": 1})
    await to_all(stage).advance(campaign)
    assert await stage.counts(campaign) == {"total": 3, "failed": 3}
    assert {row.errcode for row in await stage.rows(campaign)} == {45002}
    assert (await stage.get(campaign)).status == Status.FAILED
    await again(stage, campaign)
    await to_all(stage).advance(campaign)
    assert await stage.counts(campaign) == {"total": 3, "accepted": 3}


@pytest.mark.parametrize("everyone", [False, True])
async def test_a_mass_send_that_failed_goes_again_under_another_id(stage: Stage, everyone: bool) -> None:
    """WeChat knows the first one's id for 24 hours, and would say of a second call that it has it already."""
    campaign = await announcement(stage, await stage.members(3), everyone=everyone)
    ids = []
    for _ in range(2):
        if everyone:
            await to_all(stage).advance(campaign)
        else:
            await stage.deliver(campaign)
        [job] = await jobs(stage)
        ids.append(job.message_id)
        assert {(row.state, row.message_id) for row in await stage.rows(campaign)} == {("accepted", ids[-1])}
        if len(ids) == 1:
            await ReceiptWriter(stage.database, stage.clock).finish_mass(
                JobReport(job.message_id or "", False, "管理员拒绝了群发", 3, 0, 0, 0)
            )
            await again(stage, campaign)
    assert len(set(ids)) == 2


async def test_a_pause_does_not_forget_what_failed_before(stage: Stage) -> None:
    campaign = await announcement(stage, await stage.members(3), everyone=True)
    await to_all(stage).advance(campaign)
    [first] = await jobs(stage)
    await ReceiptWriter(stage.database, stage.clock).finish_mass(
        JobReport(first.message_id or "", False, "管理员拒绝了群发", 3, 0, 0, 0)
    )
    await again(stage, campaign)
    await stage.wechat.faults({"path": MASS_TO_ALL, "kind": "errcode", "errcode": 48001, "times": 1})
    await to_all(stage).advance(campaign)
    assert (await stage.get(campaign)).status == Status.PAUSED
    async with stage.database.write() as session:
        await act(session, campaign, CampaignAction.RESUME, stage.clock())
    await to_all(stage).advance(campaign)
    [second] = await jobs(stage)
    assert await stage.counts(campaign) == {"total": 3, "accepted": 3}
    assert second.message_id != first.message_id


@pytest.mark.moves_by_hand
async def test_rows_of_a_send_to_all_that_failed_before_they_followed_are_dead_letters(stage: Stage) -> None:
    campaign = await announcement(stage, await stage.members(3), everyone=True)
    await to_all(stage).advance(campaign)
    async with stage.database.write() as session:
        await session.execute(update(MassJob).values(status=JobStatus.FAILED))
        await session.execute(update(Delivery).values(state="pending"))
        await add_counts(session, campaign, {"accepted": -3, "pending": 3})
    await to_all(stage).advance(campaign)
    assert await stage.counts(campaign) == {"total": 3, "failed": 3}


async def again(stage: Stage, campaign: int) -> None:
    """An operator's word."""
    async with stage.database.write() as session:
        assert await retry(session, campaign, stage.clock()) == 3


def test_both_spellings_of_success_are_one() -> None:
    assert failure_of("send success") == failure_of("sendsuccess") == ""
    assert failure_of("err(40002)") == "管理员 30 分钟内没有确认群发"
    assert failure_of("send fail")


async def silent_for_a_day(stage: Stage) -> int:
    """A send to all that WeChat took without an answer, and 23 hours without one."""
    await stage.wechat.ask("PUT", "rules", {"mass_seconds": 0})
    campaign = await announcement(stage, await stage.members(3), everyone=True)
    await stage.wechat.faults({"path": MASS_TO_ALL, "kind": "silence", "seconds": 0.1})
    await to_all(stage).advance(campaign)
    first, last = stage.real_ago(23 * 3600 + 60), stage.real_ago(3600)
    async with stage.database.write() as session:
        await session.execute(update(MassJob).values(first_tried_at=first, tried_at=last))
    await to_all(stage).advance(campaign)
    return campaign


async def test_a_date_that_is_set_in_the_sandbox_does_not_make_wechat_forget_a_send_to_all(
    stage: Stage,
) -> None:
    await stage.wechat.ask("PUT", "rules", {"mass_seconds": 0})
    campaign = await announcement(stage, await stage.members(3), everyone=True)
    await stage.wechat.faults({"path": MASS_TO_ALL, "kind": "silence", "seconds": 0.1, "times": 1})
    await to_all(stage).advance(campaign)
    stage.clock.now += timedelta(days=3)
    async with stage.database.write() as session:
        await session.execute(update(MassJob).values(tried_at=stage.real_ago(3600)))
    await to_all(stage).advance(campaign)
    assert (await stage.wechat.stats())["calls"][MASS_TO_ALL] == 2
    assert await stage.counts(campaign) == {"total": 3, "accepted": 3}


async def test_a_send_to_all_that_stays_in_doubt_is_left_to_an_operator(stage: Stage) -> None:
    campaign = await silent_for_a_day(stage)
    assert await stage.counts(campaign) == {"total": 3, "unknown": 3}
    assert {(row.reason, row.channel) for row in await stage.rows(campaign)} == {(NO_ANSWER, "mass")}
    ended = await stage.get(campaign)
    assert (ended.status, ended.reason) == (Status.FAILED, FORGOTTEN)
    async with stage.database.read() as session:
        assert {one.campaign_id for one in await dead_letters(session)} == {campaign}
    assert (await stage.wechat.stats())["calls"][MASS_TO_ALL] == 1


async def test_an_operator_may_take_it_as_sent(stage: Stage, held: HeldLease) -> None:
    campaign = await silent_for_a_day(stage)
    async with stage.database.write() as session:
        assert await confirm_unknown(session, campaign, stage.clock()) == 3
    await to_all(stage).advance(campaign)
    await CampaignProgress(stage.database, stage.clock).finish(held)
    assert (await stage.get(campaign)).status == Status.DONE
    assert await stage.counts(campaign) == {"total": 3, "sent": 3}
    assert (await stage.wechat.stats())["calls"][MASS_TO_ALL] == 1


async def test_an_operator_may_send_it_again(stage: Stage) -> None:
    campaign = await silent_for_a_day(stage)
    await stage.wechat.faults()
    async with stage.database.write() as session:
        assert await retry(session, campaign, stage.clock(), states=(RowState.UNKNOWN,)) == 3
    await to_all(stage).advance(campaign)
    assert (await stage.wechat.stats())["calls"][MASS_TO_ALL] == 2
    assert await stage.counts(campaign) == {"total": 3, "accepted": 3}


async def test_a_wait_for_a_spent_quota_is_no_doubt_however_long_it_takes(stage: Stage) -> None:
    campaign = await announcement(stage, await stage.members(3), everyone=True)
    await stage.wechat.faults({"path": MASS_TO_ALL, "kind": "errcode", "errcode": 45009, "times": 1})
    await to_all(stage).advance(campaign)
    await to_all(stage).advance(campaign)  # within the same minute
    assert (await stage.wechat.stats())["calls"][MASS_TO_ALL] == 1
    stage.clock.now += timedelta(hours=24)
    async with stage.database.write() as session:
        await session.execute(update(MassJob).values(tried_at=stage.real_ago(3600)))
    await to_all(stage).advance(campaign)
    assert await stage.counts(campaign) == {"total": 3, "accepted": 3}


async def test_a_send_to_all_without_a_row_that_wechat_fails_later_can_go_again_or_end(stage: Stage) -> None:
    """It reaches people who are in no row: the campaign itself says what happened, and what can be done."""
    campaign = await announcement(stage, [], everyone=True)
    await to_all(stage).advance(campaign)
    [job] = await jobs(stage)
    async with stage.database.write() as session:
        await act(session, campaign, CampaignAction.FINISH, stage.clock())
    await ReceiptWriter(stage.database, stage.clock).finish_mass(
        JobReport(job.message_id or "", False, "涉嫌广告", 9, 0, 0, 9)
    )
    async with stage.database.read() as session:
        [listed] = (await attention(session)).unsent
    assert (listed.id, listed.reason) == (campaign, "微信报告群发失败：涉嫌广告")
    async with stage.database.write() as session:
        assert await retry(session, campaign, stage.clock()) == 1
    assert (await stage.get(campaign)).status == Status.SENDING
    async with stage.database.read() as session:
        assert (await attention(session)).unsent == ()
