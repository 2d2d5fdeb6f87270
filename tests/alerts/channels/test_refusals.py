"""A definite refusal goes on to the next way, at last the inbox, and counts as 无法送达: no retry could help."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from alerts.lease.lease import HeldLease
from alerts.ledger.receipts import USER_BLOCKED, ReceiptWriter, SendReport
from alerts.member.inbox import latest, unread_count
from alerts.model.campaigns.campaign_states import CampaignAction, Status
from alerts.model.campaigns.moves import act
from alerts.model.channel import Channel
from alerts.model.rows.row_reasons import NO_WAY
from alerts.model.rows.row_states import RowState
from alerts.scheduling.campaign_progress import CampaignProgress
from sandbox.api.control import crowd_openid
from subscriptions.messaging_rights.grants import Grants
from tests.alerts.delivery_stage import REMINDER_TEMPLATE, Stage, open_windows

OPENID = crowd_openid("oSIM", 0)
PATHS = {
    Channel.TEMPLATE: "/cgi-bin/message/template/send",
    Channel.SUBSCRIBE: "/cgi-bin/message/subscribe/bizsend",
    Channel.CUSTOM: "/cgi-bin/message/custom/send",
}


async def block(stage: Stage, campaign: int) -> None:
    """The receipt `failed:user block` of each message of a campaign that WeChat took."""
    told = [
        SendReport(
            crowd_openid("oSIM", row.member_id - 1), row.message_id or "", RowState.UNREACHABLE, USER_BLOCKED
        )
        for row in await stage.rows(campaign)
        if row.state == "sent"
    ]
    await ReceiptWriter(stage.database, stage.clock).settle(told)


async def in_inbox(stage: Stage, member: int) -> list[str]:
    """What 我的提醒 shows."""
    async with stage.database.read() as session:
        return [one.content.title for one in await latest(session, member, 9)]


async def test_who_refuses_templates_gets_it_by_the_window_that_is_open(stage: Stage) -> None:
    members = await stage.members(15, crowd={"refusing": 1.0, "window": True}, **open_windows(message=5))
    campaign = await stage.campaign(members)
    await stage.deliver(campaign)
    await block(stage, campaign)
    assert await stage.counts(campaign) == {"total": 15, "pending": 15}
    await stage.deliver(campaign)
    assert {(row.state, row.channel) for row in await stage.rows(campaign)} == {("sent", "custom")}
    stats = await stage.wechat.stats()
    assert (stats["delivered"], stats["doubles"]) == (15, 0)


async def test_who_refuses_templates_and_has_not_written_finds_it_in_the_inbox(stage: Stage) -> None:
    [member] = await stage.members(crowd={"refusing": 1.0})
    campaign = await stage.campaign([member])
    await stage.deliver(campaign)
    await block(stage, campaign)
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    assert (row.state, row.channel, row.reason) == ("unreachable", "inbox", "用户拒收，已存入提醒箱")
    assert await stage.counts(campaign) == {"total": 1, "unreachable": 1}
    async with stage.database.read() as session:
        assert await unread_count(session, OPENID) == 1
    assert await in_inbox(stage, member) == ["数字化改造补助"]


@pytest.mark.parametrize(
    ("refusing", "errcode", "end", "by"),
    [
        ((), 0, "sent", Channel.TEMPLATE),
        ((Channel.TEMPLATE,), 48002, "sent", Channel.SUBSCRIBE),
        ((Channel.TEMPLATE, Channel.SUBSCRIBE), 48002, "sent", Channel.CUSTOM),
        ((Channel.TEMPLATE, Channel.SUBSCRIBE, Channel.CUSTOM), 48002, "unreachable", Channel.INBOX),
        ((Channel.TEMPLATE, Channel.SUBSCRIBE, Channel.CUSTOM), 43019, "unreachable", Channel.INBOX),
        ((Channel.TEMPLATE, Channel.SUBSCRIBE, Channel.CUSTOM), 50002, "unreachable", Channel.INBOX),
        ((Channel.TEMPLATE, Channel.SUBSCRIBE, Channel.CUSTOM), 70000, "unreachable", Channel.INBOX),
        ((Channel.SUBSCRIBE,), 43101, "sent", Channel.TEMPLATE),
        ((Channel.TEMPLATE,), 43004, "unreachable", Channel.TEMPLATE),
    ],
    ids=lambda value: ",".join(way.label for way in value) if isinstance(value, tuple) else str(value),
)
async def test_each_refusal_at_once_leads_to_the_next_way(
    stage: Stage, refusing: Sequence[Channel], errcode: int, end: str, by: Channel
) -> None:
    [member] = await stage.members(
        crowd={"window": True, "consents": {REMINDER_TEMPLATE: 1}}, **open_windows(message=5)
    )
    await Grants(stage.database).accept(member, [REMINDER_TEMPLATE])
    faults = [{"path": PATHS[way], "kind": "errcode", "errcode": errcode} for way in refusing]
    await stage.wechat.faults(*faults)
    campaign = await stage.campaign([member])
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    assert (row.state, row.channel) == (end, by)
    if by is Channel.INBOX:
        assert row.errcode == errcode
        assert await in_inbox(stage, member) == ["数字化改造补助"]
        left = await stage.member(member)
        assert left.message_left == 5  # what a member refused has cost nothing


@pytest.mark.parametrize("errcode", [45015, 45047])
async def test_a_window_that_is_closed_is_no_refusal(stage: Stage, errcode: int) -> None:
    stage.without()
    [member] = await stage.members(crowd={"window": True}, **open_windows(message=5))
    await stage.wechat.faults({"path": PATHS[Channel.CUSTOM], "kind": "errcode", "errcode": errcode})
    campaign = await stage.campaign([member])
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    assert (row.state, row.channel, row.reason) == ("inbox", "inbox", NO_WAY)
    assert await in_inbox(stage, member) == ["数字化改造补助"]


async def test_a_refusal_told_after_the_campaign_was_done_is_still_sent_on(
    stage: Stage, held: HeldLease
) -> None:
    [member] = await stage.members(crowd={"refusing": 1.0, "window": True}, **open_windows(message=5))
    campaign = await stage.campaign([member])
    progress = CampaignProgress(stage.database, stage.clock)
    await stage.deliver(campaign)
    await progress.finish(held)
    assert (await stage.get(campaign)).status == Status.DONE
    await block(stage, campaign)
    await progress.finish(held)
    assert (await stage.get(campaign)).status == Status.SENDING
    await stage.deliver(campaign)
    await progress.finish(held)
    assert (await stage.get(campaign)).status == Status.DONE
    assert await stage.counts(campaign) == {"total": 1, "sent": 1}


@pytest.mark.parametrize("over", ["cancelled", "expired"])
async def test_a_refusal_told_too_late_is_out_of_reach_and_goes_nowhere(stage: Stage, over: str) -> None:
    [member] = await stage.members(crowd={"refusing": 1.0})
    campaign = await stage.campaign([member], expires_at=stage.clock() + timedelta(hours=1))
    await stage.deliver(campaign)
    if over == "expired":
        stage.clock.now += timedelta(hours=2)
    else:
        async with stage.database.write() as session:
            await act(session, campaign, CampaignAction.CANCEL, stage.clock())
    await block(stage, campaign)
    [row] = await stage.rows(campaign)
    assert (row.state, row.reason, row.channel) == ("unreachable", USER_BLOCKED, "template")
    assert await stage.counts(campaign) == {"total": 1, "unreachable": 1}


async def test_a_digest_that_is_refused_goes_on_whole(stage: Stage) -> None:
    members = await stage.members(
        crowd={"refusing": 1.0, "window": True}, digest="daily", **open_windows(message=5)
    )
    campaigns = [await stage.campaign(members) for _ in range(3)]
    await stage.deliver()
    await ReceiptWriter(stage.database, stage.clock).settle(
        [SendReport(OPENID, (await stage.rows())[0].message_id or "", RowState.UNREACHABLE, USER_BLOCKED)]
    )
    assert await stage.states() == ["pending"] * 3
    await stage.deliver()
    assert {(row.state, row.channel) for row in await stage.rows()} == {("sent", "custom")}
    assert (await stage.wechat.stats())["delivered"] == 1
    assert [await stage.counts(one) for one in campaigns] == [{"total": 1, "sent": 1}] * 3
