"""A row's way to the member: the best channel, what WeChat answers, and that it arrives once."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, update

from alerts.ledger.recover_leases import recover
from alerts.model.campaigns.campaign_states import CampaignAction, Status
from alerts.model.campaigns.moves import act
from alerts.model.content import AlertKind
from alerts.model.kill_switch import stop
from alerts.model.rows.row_reasons import NOT_OURS
from alerts.model.tables import ApiHold, Delivery
from sandbox.api.control import crowd_openid
from sandbox.platform.people import LONG_TERM
from subscriptions.messaging_rights.grants import Grants
from tests.alerts.delivery_stage import REMINDER_TEMPLATE, TEMPLATE, Stage, open_windows
from wechat.account import AccountKind

CUSTOM = "/cgi-bin/message/custom/send"


async def test_a_template_message_reaches_every_member_once(stage: Stage) -> None:
    members = await stage.members(130)
    campaign = await stage.campaign(members)
    await stage.deliver(campaign)
    rows = await stage.rows(campaign)
    assert {(row.state, row.channel, row.errcode, row.attempts) for row in rows} == {
        ("sent", "template", 0, 1)
    }
    assert len({row.message_id for row in rows}) == 130
    stats = await stage.wechat.stats()
    assert (stats["delivered"], stats["doubles"], stats["swallowed"]) == (130, 0, 0)
    assert await stage.counts(campaign) == {"total": 130, "sent": 130}
    assert stage.measured("policybot_deliveries_tried_total", channel="template", errcode="0") == 130
    assert stage.measured("policybot_deliveries_settled_total", state="sent") == 130
    assert stage.measured("policybot_deliveries_latency_seconds_count", channel="template") == 130


async def test_a_second_delivery_of_the_same_rows_finds_nothing_to_claim(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(3))
    ids = [row.id for row in await stage.rows(campaign)]
    async with stage.delivering() as dispatcher:
        assert await dispatcher.deliver(ids) == 3
        assert await dispatcher.deliver(ids) == 0
    assert (await stage.wechat.stats())["delivered"] == 3


@pytest.mark.parametrize("kind", ["reset_after", "silence", "errcode_after"])
async def test_a_template_send_without_an_answer_goes_again_under_its_id_and_arrives_once(
    stage: Stage, kind: str
) -> None:
    campaign = await stage.campaign(await stage.members())
    await stage.wechat.faults({"path": TEMPLATE, "kind": kind, "times": 1, "seconds": 0.3})
    await stage.deliver_until_settled(campaign)
    stats = await stage.wechat.stats()
    assert await stage.states(campaign) == ["sent"]
    assert (stats["delivered"], stats["doubles"], stats["swallowed"]) == (1, 0, 1)


async def test_a_customer_message_without_an_answer_is_unknown_at_once_and_not_sent_again(
    stage: Stage,
) -> None:
    stage.without()
    members = await stage.members(crowd={"window": True}, **open_windows(message=5))
    campaign = await stage.campaign(members)
    await stage.wechat.faults({"path": CUSTOM, "kind": "reset_after", "times": 1})
    await stage.deliver(campaign)
    await stage.deliver(campaign)
    assert await stage.states(campaign) == ["unknown"]
    assert await stage.counts(campaign) == {"total": 1, "unknown": 1}
    assert (await stage.wechat.stats())["doubles"] == 0


async def test_a_busy_wechat_is_asked_again(stage: Stage) -> None:
    stage.without()
    members = await stage.members(crowd={"window": True}, **open_windows(message=5))
    campaign = await stage.campaign(members)
    await stage.wechat.faults({"path": CUSTOM, "kind": "errcode", "errcode": -1, "times": 2})
    await stage.deliver_until_settled(campaign)
    assert await stage.states(campaign) == ["sent"]
    assert (await stage.member(members[0])).message_left == 4


async def test_the_action_pool_is_spent_before_the_message_pool(stage: Stage) -> None:
    stage.without()
    members = await stage.members(crowd={"window": True}, **open_windows(message=5, action=1))
    for _ in range(2):
        await stage.deliver(await stage.campaign(members))
    member = await stage.member(members[0])
    assert (member.action_left, member.message_left) == (0, 4)


async def test_who_has_no_way_open_finds_it_in_the_inbox(stage: Stage) -> None:
    stage.without()
    campaign = await stage.campaign(await stage.members())
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    assert (row.state, row.channel) == ("inbox", "inbox")


async def test_a_window_that_wechat_has_closed_is_believed_and_the_inbox_takes_it(stage: Stage) -> None:
    stage.without()
    members = await stage.members(**open_windows(message=5))  # WeChat knows of no window
    campaign = await stage.campaign(members)
    await stage.deliver(campaign)
    assert await stage.states(campaign) == ["inbox"]
    assert (await stage.member(members[0])).message_left == 0


async def test_a_grant_is_spent_by_a_subscription_notification_and_then_there_is_none(stage: Stage) -> None:
    stage.with_notification()
    members = await stage.members(crowd={"consents": {REMINDER_TEMPLATE: 1}})
    await Grants(stage.database).accept(members[0], [REMINDER_TEMPLATE])
    first, second = await stage.campaign(members), await stage.campaign(members)
    await stage.deliver(first)
    await stage.deliver(second)
    assert [row.channel for row in await stage.rows()] == ["subscribe", "inbox"]
    assert (await Grants(stage.database).of_member(members[0]))[REMINDER_TEMPLATE].remaining == 0


async def test_a_lasting_consent_pays_for_every_send_until_it_is_withdrawn(stage: Stage) -> None:
    stage.with_notification(lasting=True)
    members = await stage.members(crowd={"consents": {REMINDER_TEMPLATE: LONG_TERM}})
    grants = Grants(stage.database)
    await grants.accept(members[0], [REMINDER_TEMPLATE])
    for _ in range(3):
        await stage.deliver(await stage.campaign(members))
    await grants.revoke(members[0], [REMINDER_TEMPLATE])
    await stage.deliver(await stage.campaign(members))
    assert [row.channel for row in await stage.rows()] == ["subscribe"] * 3 + ["inbox"]
    assert (await grants.of_member(members[0]))[REMINDER_TEMPLATE].spent == 0


async def test_a_subscription_account_sends_no_template_messages(stage: Stage) -> None:
    stage.account(AccountKind.SUBSCRIPTION)
    campaign = await stage.campaign(await stage.members())
    await stage.deliver(campaign)
    assert await stage.states(campaign) == ["inbox"]


async def test_an_announcement_goes_by_template_only_where_one_was_declared_fit(stage: Stage) -> None:
    members = await stage.members()
    stage.without("announcement")
    undeclared = await stage.campaign(members, kind=AlertKind.ANNOUNCEMENT)
    await stage.deliver(undeclared)
    assert await stage.states(undeclared) == ["inbox"]


async def test_who_unfollowed_unnoticed_is_unreachable_and_noted(stage: Stage) -> None:
    members = await stage.members(crowd={"unfollowed": 1.0})
    campaign = await stage.campaign(members)
    await stage.deliver(campaign)
    assert await stage.states(campaign) == ["unreachable"]
    assert not (await stage.member(members[0])).following


async def test_an_openid_that_is_not_ours_is_asked_about_once(stage: Stage) -> None:
    members = await stage.members()
    await stage.wechat.ask("DELETE", "people")
    campaign = await stage.campaign(members)
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    assert (row.state, row.errcode, row.reason) == ("unreachable", 40003, NOT_OURS)
    assert (await stage.wechat.stats())["calls"]["/cgi-bin/user/info"] == 1


@pytest.mark.parametrize("errcode", [40037, 48001, 43116, 61007])
async def test_what_a_campaign_cannot_go_on_from_pauses_it_and_says_why(stage: Stage, errcode: int) -> None:
    campaign = await stage.campaign(await stage.members(3))
    await stage.wechat.faults({"path": TEMPLATE, "kind": "errcode", "errcode": errcode})
    await stage.deliver(campaign)
    paused = await stage.get(campaign)
    assert paused.status == Status.PAUSED
    assert str(errcode) in (paused.reason or "")
    assert await stage.states(campaign) == ["pending"] * 3
    await stage.wechat.faults()
    async with stage.database.write() as session:
        await act(session, campaign, CampaignAction.RESUME, stage.clock())
    await stage.deliver(campaign)
    assert await stage.states(campaign) == ["sent"] * 3


async def test_a_template_that_wechat_refuses_costs_twenty_dead_letters_not_all(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(90))
    await stage.wechat.faults({"path": TEMPLATE, "kind": "errcode", "errcode": 47003})
    await stage.deliver(campaign)
    counts = await stage.counts(campaign)
    assert counts == {"total": 90, "failed": 20, "pending": 70}
    assert (await stage.get(campaign)).status == Status.PAUSED


async def test_one_row_that_is_refused_is_a_dead_letter_and_the_others_go(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(40))
    await stage.wechat.faults({"path": TEMPLATE, "kind": "errcode", "errcode": 47003, "times": 1})
    await stage.deliver(campaign)
    assert await stage.counts(campaign) == {"total": 40, "failed": 1, "sent": 39}


async def test_a_code_nobody_knows_is_a_dead_letter_after_three_tries(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members())
    await stage.wechat.faults({"path": TEMPLATE, "kind": "errcode", "errcode": 99999})
    await stage.deliver_until_settled(campaign)
    [row] = await stage.rows(campaign)
    assert (row.state, row.errcode, row.attempts) == ("failed", 99999, 3)


async def test_a_spent_day_waits_for_midnight_unless_the_window_closes_before(stage: Stage) -> None:
    members = await stage.members(2)
    patient = await stage.campaign(members[:1])
    urgent = await stage.campaign(members[1:], expires_at=stage.clock() + timedelta(hours=2))
    await stage.wechat.faults({"path": TEMPLATE, "kind": "errcode", "errcode": 45009, "times": 1})
    await stage.deliver(patient)
    await stage.deliver(patient)
    await stage.deliver(urgent)
    [waits], [kept] = await stage.rows(patient), await stage.rows(urgent)
    assert (waits.state, waits.next_attempt_at) == (
        "pending",
        stage.clock().replace(hour=0) + timedelta(days=1),
    )
    assert kept.state == "inbox"
    async with stage.database.write() as session:
        await session.execute(delete(ApiHold))


async def test_quiet_hours_defer_and_drop_nothing(stage: Stage) -> None:
    stage.clock.on(date(2026, 11, 2), hour=23)
    members = await stage.members(quiet_from=21 * 60, quiet_until=8 * 60 + 30)
    campaign = await stage.campaign(members)
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    assert (row.state, row.next_attempt_at.astimezone(stage.clock().tzinfo).hour) == ("pending", 8)
    stage.clock.on(date(2026, 11, 3), hour=9)
    await stage.deliver(campaign)
    assert await stage.states(campaign) == ["sent"]


async def test_alerts_of_one_day_are_one_message_where_they_cost_the_members_allowance(stage: Stage) -> None:
    stage.without()
    members = await stage.members(crowd={"window": True}, **open_windows(message=5))
    first, second = await stage.campaign(members), await stage.campaign(members, kind=AlertKind.NEW_POLICY)
    await stage.deliver(first)
    assert [row.state for row in await stage.rows()] == ["sent", "sent"]
    assert (await stage.member(members[0])).message_left == 4
    assert await stage.counts(second) == {"total": 1, "sent": 1}


async def test_a_digest_by_template_is_one_message_with_a_count_and_repeats_whole(stage: Stage) -> None:
    members = await stage.members(digest="daily")
    campaigns = [await stage.campaign(members) for _ in range(3)]
    await stage.wechat.faults({"path": TEMPLATE, "kind": "reset_after", "times": 1})
    await stage.deliver()
    assert {row.lead_id for row in await stage.rows()} == {(await stage.rows(campaigns[0]))[0].id}
    await stage.deliver_until_settled(campaigns[0])
    stats = await stage.wechat.stats()
    assert await stage.states() == ["sent"] * 3
    assert (stats["delivered"], stats["doubles"], stats["swallowed"]) == (1, 0, 1)


async def test_nothing_leaves_of_a_paused_campaign_or_while_everything_is_stopped(stage: Stage) -> None:
    members = await stage.members()
    paused = await stage.campaign(members, status=Status.PAUSED)
    going = await stage.campaign(members)
    async with stage.database.write() as session:
        await stop(session, "值班", "试验", stage.clock())
    assert await stage.deliver(paused) == await stage.deliver(going) == 0
    assert (await stage.wechat.stats())["delivered"] == 0


async def test_an_expired_row_is_skipped_and_says_so(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(), expires_at=stage.clock() - timedelta(seconds=1))
    await stage.deliver(campaign)
    assert await stage.states(campaign) == ["skipped"]


async def _left_by_a_dead_worker(stage: Stage, campaign: int, channel: str, seconds_ago: float) -> None:
    then = stage.real_ago(seconds_ago)
    async with stage.database.write() as session:
        await session.execute(
            update(Delivery)
            .where(Delivery.campaign_id == campaign)
            .values(
                state="trying",
                channel=channel,
                claimed_by="dead",
                claimed_until=then,
                tried_at=then,
                attempts=1,
            )
        )


@pytest.mark.moves_by_hand
@pytest.mark.parametrize(
    ("channel", "seconds_ago", "state"),
    [
        ("template", 60, "pending"),
        ("template", 500, "unknown"),
        ("custom", 60, "unknown"),
        ("mass", 3600, "pending"),
    ],
)
async def test_what_a_dead_worker_was_trying_goes_again_only_inside_wechats_memory(
    stage: Stage, channel: str, seconds_ago: float, state: str
) -> None:
    campaign = await stage.campaign(await stage.members())
    await _left_by_a_dead_worker(stage, campaign, channel, seconds_ago)
    await stage.database.run_in_write_transaction(partial(recover, now=stage.clock(), timing=stage.timing))
    assert await stage.states(campaign) == [state]


@pytest.mark.moves_by_hand
async def test_a_doubt_that_outlived_wechats_memory_is_never_sent_again(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members())
    await _left_by_a_dead_worker(stage, campaign, "template", 60)
    await stage.database.run_in_write_transaction(partial(recover, now=stage.clock(), timing=stage.timing))
    stage.timing = replace(stage.timing, remembered_s=30)
    await stage.deliver(campaign)
    assert await stage.states(campaign) == ["unknown"]
    assert (await stage.wechat.stats())["delivered"] == 0


async def test_no_openid_stands_in_the_ledger(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members())
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    values = {str(getattr(row, column.name)) for column in Delivery.__table__.columns}
    assert not any(crowd_openid("oSIM", 0) in value for value in values)
