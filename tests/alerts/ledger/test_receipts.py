"""Receipts settle the ledger, once, whenever they come."""

import pytest
from sqlalchemy import update

from alerts.ledger.dead_letters import retry
from alerts.ledger.receipts import (
    SYSTEM_FAILED,
    USER_BLOCKED,
    ReceiptWriter,
    SendReport,
    mass_report,
    match_early,
    notification_receipts,
    template_receipt,
)
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Delivery
from sandbox.api.control import crowd_openid
from tests.alerts.delivery_stage import Stage

OPENID = crowd_openid("oSIM", 0)


def test_both_spellings_of_a_template_receipt_are_read() -> None:
    told = [
        template_receipt("o", {"MsgID": "1", "Status": status})
        for status in ("success", "failed:user block", "failed: system failed")
    ]
    assert told == [
        SendReport("o", "1", RowState.DELIVERED),
        SendReport("o", "1", RowState.UNREACHABLE, USER_BLOCKED),
        SendReport("o", "1", RowState.FAILED, SYSTEM_FAILED),
    ]
    assert template_receipt("o", {}) is None


def test_one_notification_receipt_and_several_are_read() -> None:
    entry = {"TemplateId": "T", "MsgID": "9", "ErrorCode": "0", "ErrorStatus": "success"}
    one = notification_receipts("o", {"SubscribeMsgSentEvent": {"List": entry}})
    many = notification_receipts(
        "o", {"SubscribeMsgSentEvent": {"List": [entry, entry | {"MsgID": "10", "ErrorCode": "43101"}]}}
    )
    assert one == [SendReport("o", "9", RowState.DELIVERED)]
    assert [each.state for each in many] == [RowState.DELIVERED, RowState.UNREACHABLE]
    odd = [
        entry | {"MsgID": str(number), "ErrorCode": code} for number, code in enumerate(("47003", "no", "0"))
    ]
    told = notification_receipts("o", {"SubscribeMsgSentEvent": {"List": odd}})
    assert [each.state for each in told] == [RowState.FAILED, RowState.FAILED, RowState.DELIVERED]


def test_an_id_that_no_row_can_have_is_no_receipt() -> None:
    """It would hold up the receipts that are written with it."""
    for message_id in ("9" * 33, "9\x00", "编号"):
        assert template_receipt("o", {"MsgID": message_id, "Status": "success"}) is None
        assert mass_report({"MsgID": message_id, "Status": "send success"}) is None
        entry = {"MsgID": message_id, "ErrorCode": "0"}
        assert notification_receipts("o", {"SubscribeMsgSentEvent": {"List": entry}}) == []


@pytest.mark.parametrize("event", ["", "a", {"List": ["a"]}, {"List": "a"}, {"List": {}}])
def test_what_names_no_message_is_no_receipt(event: object) -> None:
    assert notification_receipts("o", {"SubscribeMsgSentEvent": event}) == []


def test_a_count_that_no_column_holds_is_unknown() -> None:
    counts = {"TotalCount": "9" * 400, "SentCount": str(2**31), "ErrorCount": "2147483647"}
    told = mass_report({"MsgID": "1", "Status": "send success", **counts})
    assert told is not None
    assert (told.total, told.sent, told.failed) == (None, None, 2**31 - 1)


def test_a_mass_report_carries_counts_and_the_reason() -> None:
    counts = {"TotalCount": "100", "FilterCount": "80", "SentCount": "75", "ErrorCount": "5"}
    good = mass_report({"MsgID": "1", "Status": "send success", **counts})
    bad = mass_report({"MsgID": "1", "Status": "err(20008)"})
    assert good is not None
    assert bad is not None
    assert (good.succeeded, good.sent, good.failed) == (True, 75, 5)
    assert (bad.succeeded, bad.reason) == (False, "涉嫌欺诈")


async def test_a_receipt_settles_and_a_late_or_doubled_one_changes_nothing(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members())
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    receipts = ReceiptWriter(stage.database, stage.clock)
    told = SendReport(OPENID, row.message_id or "", RowState.DELIVERED)
    await receipts.settle([told])
    await receipts.settle([told])
    await receipts.settle([SendReport(OPENID, row.message_id or "", RowState.UNREACHABLE, USER_BLOCKED)])
    assert await stage.states(campaign) == ["delivered"]
    assert await stage.counts(campaign) == {"total": 1, "delivered": 1}


async def undelivered(stage: Stage, campaign: int, why: str) -> str | None:
    """WeChat takes a campaign's one message and cannot bring it; its id."""
    await stage.deliver(campaign)
    [row] = await stage.rows(campaign)
    await ReceiptWriter(stage.database, stage.clock).settle(
        [SendReport(OPENID, row.message_id or "", RowState.FAILED, why)]
    )
    return row.message_id


async def test_what_wechat_could_not_deliver_goes_again_under_another_id(stage: Stage) -> None:
    """Under the first one WeChat would say ok for ten minutes and bring nothing."""
    campaign = await stage.campaign(await stage.members())
    first = await undelivered(stage, campaign, SYSTEM_FAILED)
    async with stage.database.write() as session:
        assert await retry(session, campaign, stage.clock()) == 1
    await stage.deliver(campaign)
    [second] = await stage.rows(campaign)
    assert second.state == "sent"
    assert second.message_id != first


async def test_a_receipt_that_comes_before_the_answer_is_written_is_kept(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members())
    await ReceiptWriter(stage.database, stage.clock).settle([SendReport(OPENID, "777", RowState.DELIVERED)])
    await stage.deliver(campaign)
    async with stage.database.write() as session:
        await session.execute(update(Delivery).values(message_id="777"))
        assert await match_early(session, stage.clock()) == 1
        assert await match_early(session, stage.clock()) == 0
    assert await stage.states(campaign) == ["delivered"]


async def test_a_receipt_of_a_stranger_or_for_another_person_changes_nothing(stage: Stage) -> None:
    campaign = await stage.campaign(await stage.members(2))
    await stage.deliver(campaign)
    first, _ = await stage.rows(campaign)
    await ReceiptWriter(stage.database, stage.clock).settle(
        [
            SendReport("oSTRANGER", first.message_id or "", RowState.FAILED),
            SendReport(crowd_openid("oSIM", 1), first.message_id or "", RowState.FAILED),
        ]
    )
    assert await stage.states(campaign) == ["sent", "sent"]
