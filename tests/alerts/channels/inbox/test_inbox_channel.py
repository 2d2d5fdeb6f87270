"""What becomes of a row when no other channel is open."""

from alerts.channels.inbox.channel import keep_in_inbox
from alerts.channels.verdicts import SendVerdict
from alerts.model.rows.row_states import ClaimedRow, RowState

ROW = ClaimedRow(1, 2, 3, "run", 0, None)


def test_a_row_without_a_channel_waits_in_the_inbox() -> None:
    kept = keep_in_inbox(ROW)
    assert (kept.state, kept.reason, kept.channel) == (
        RowState.INBOX,
        "没有可用的发送方式，已存入提醒箱",
        "inbox",
    )


def test_the_row_of_a_member_who_refuses_messages_is_unreachable_and_waits_there_too() -> None:
    refusal = SendVerdict(RowState.PENDING, "用户拒收公众号消息", 48002, next_channel=True, refused=True)
    kept = keep_in_inbox(ROW, refusal)
    assert (kept.state, kept.errcode, kept.channel) == (RowState.UNREACHABLE, 48002, "inbox")
    assert kept.reason == "用户拒收公众号消息，已存入提醒箱"
