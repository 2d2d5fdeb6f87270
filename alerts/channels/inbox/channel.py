"""The inbox (提醒箱): the last way, always open, and nothing is sent.

- Needs and costs nothing. The row itself is the message: `alerts.member.inbox` hands it over in the member's next
  conversation.
- A row whose member refuses messages counts as `unreachable`, and waits in the inbox too (`Delivery.channel`).
"""

from alerts.channels.verdicts import SendVerdict
from alerts.model.channel import Channel
from alerts.model.rows.row_reasons import KEPT, NO_WAY, REFUSES
from alerts.model.rows.row_states import ClaimedRow, RowState, Settlement


def keep_in_inbox(row: ClaimedRow, refusal: SendVerdict | None = None) -> Settlement:
    """Return what happens to a row if no other channel is open.

    Args:
        row: the row.
        refusal: the last answer of WeChat that the member refuses messages; None if this attempt had none. A refusal
            by a receipt is in `row.refused`.
    """
    if refusal is None and row.refused is None:
        return Settlement(row, RowState.INBOX, NO_WAY, channel=Channel.INBOX, attempts=row.attempts)
    reason = f"{refusal.reason if refusal else REFUSES}，{KEPT}"
    errcode = refusal.errcode if refusal else None
    return Settlement(
        row, RowState.UNREACHABLE, reason, errcode, channel=Channel.INBOX, attempts=row.attempts
    )
