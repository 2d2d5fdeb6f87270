"""A row of the ledger, and the states it moves through.

pending → claimed: a worker holds it, nothing has been sent. It is free again when the lease ends.
        → trying: marked in one statement right before its message leaves.
        → settled, or pending again with a time before which no worker looks at it.

A row that was `trying` when its worker died is tried again only while WeChat remembers the message's id. Else it is
`unknown`, and an operator decides. Rows move only by conditional updates. `MOVES` lists every move and the module that
makes it; docs/architecture.md draws them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_

from alerts.model.campaigns.campaign_states import Status
from alerts.model.kill_switch import OUTGOING
from alerts.model.tables import Campaign, Delivery
from storage.sql.switches import Switch


class RowState(StrEnum):
    """Where a row stands; from SENT on it is settled."""

    PENDING = "pending"
    CLAIMED = "claimed"
    TRYING = "trying"
    SENT = "sent"
    DELIVERED = "delivered"
    """A receipt said so."""
    ACCEPTED = "accepted"
    """By a mass send: WeChat tells counts only."""
    INBOX = "inbox"
    """No way was open: kept, and handed over in the next conversation."""
    FAILED = "failed"
    """A dead letter: `errcode` and `reason` say why; can be tried again."""
    SKIPPED = "skipped"
    """Not sent by a rule: expired, cancelled, passed over."""
    UNREACHABLE = "unreachable"
    """The member unfollowed, or refuses messages: then it waits in the inbox too (the row's channel says so)."""
    UNKNOWN = "unknown"
    """It may have arrived: WeChat never said. An operator decides."""


OPEN = (RowState.PENDING, RowState.CLAIMED, RowState.TRYING)
"""Counted as `pending` in a campaign's counters."""
TOLD = (RowState.SENT, RowState.DELIVERED, RowState.ACCEPTED, RowState.INBOX, RowState.UNKNOWN)
"""The member has, or may have, what the alert says."""


class Move(NamedTuple):
    """A move of rows from one state to others.

    Attributes:
        before: None: the rows are new.
        after: the states they may go to.
        by: the module of `alerts` that writes it.
        when: what happened; "" if the module's name says it.
    """

    before: RowState | None
    after: tuple[RowState, ...]
    by: str
    when: str = ""


_ANSWERED = (RowState.SENT, RowState.ACCEPTED, RowState.INBOX, RowState.UNREACHABLE, RowState.FAILED)
_LATE = "late"
"""What settles the row came after its lease had ended, and no other worker has taken the row."""

MOVES = (
    Move(None, (RowState.PENDING,), "scheduling/list_recipients"),
    Move(None, (RowState.SKIPPED,), "scheduling/list_recipients", "passed over"),
    Move(RowState.PENDING, (RowState.CLAIMED,), "ledger/claim"),
    Move(RowState.CLAIMED, (RowState.TRYING,), "ledger/mark_in_flight"),
    Move(RowState.CLAIMED, (RowState.PENDING,), "ledger/settle", "stays, or waits for an instant"),
    Move(RowState.CLAIMED, (RowState.SKIPPED,), "ledger/settle", "expired, 已申报, told today"),
    Move(RowState.CLAIMED, (RowState.INBOX,), "ledger/settle", "no way is open"),
    Move(RowState.CLAIMED, (RowState.UNREACHABLE,), "ledger/settle", "unfollowed, refuses"),
    Move(RowState.CLAIMED, (RowState.FAILED,), "ledger/settle", "cannot be written"),
    Move(RowState.CLAIMED, (RowState.UNKNOWN,), "ledger/settle", "an earlier try had no answer"),
    Move(RowState.TRYING, (RowState.PENDING,), "ledger/settle", "busy, a quota, the next try"),
    Move(RowState.TRYING, (RowState.SENT, RowState.FAILED), "ledger/settle"),
    Move(RowState.TRYING, (RowState.ACCEPTED,), "ledger/settle", "mass send"),
    Move(RowState.TRYING, (RowState.INBOX,), "ledger/settle", "no way is left"),
    Move(RowState.TRYING, (RowState.UNREACHABLE,), "ledger/settle", "unfollowed, refuses"),
    Move(RowState.TRYING, (RowState.UNKNOWN,), "ledger/settle", "no answer"),
    Move(RowState.PENDING, (*_ANSWERED, RowState.SKIPPED, RowState.UNKNOWN), "ledger/settle", _LATE),
    Move(RowState.UNKNOWN, _ANSWERED, "ledger/settle", _LATE),
    Move(RowState.CLAIMED, (RowState.PENDING,), "ledger/recover_leases"),
    Move(RowState.TRYING, (RowState.PENDING, RowState.UNKNOWN), "ledger/recover_leases"),
    Move(RowState.SENT, (RowState.DELIVERED, RowState.FAILED), "ledger/receipts"),
    Move(RowState.SENT, (RowState.PENDING,), "ledger/receipts", "refuses, the next way"),
    Move(RowState.SENT, (RowState.UNREACHABLE,), "ledger/receipts", "refuses, and the campaign is over"),
    Move(RowState.FAILED, (RowState.PENDING,), "ledger/dead_letters", "an operator"),
    Move(RowState.UNKNOWN, (RowState.PENDING, RowState.SENT), "ledger/dead_letters", "an operator"),
    Move(RowState.PENDING, (RowState.SKIPPED,), "scheduling/campaign_progress", "cancelled, expired"),
    Move(RowState.PENDING, (RowState.UNKNOWN,), "scheduling/campaign_progress", "the same in doubt"),
    Move(RowState.PENDING, (RowState.SKIPPED,), "member/applied"),
    Move(
        RowState.PENDING, (RowState.ACCEPTED, RowState.FAILED, RowState.UNKNOWN), "channels/mass/send_to_all"
    ),
    Move(RowState.ACCEPTED, (RowState.FAILED,), "channels/mass/jobs"),
)
"""Every move there is. The databases of the tests note any other (`tests/alerts/unlisted_moves.py`)."""


IS_PENDING = Delivery.state == literal_column("'pending'")  # spelt out: the partial indexes are found by it
IS_DEAD = Delivery.state.in_((literal_column("'failed'"), literal_column("'unknown'")))
IS_LEASED = Delivery.state.in_((literal_column("'claimed'"), literal_column("'trying'")))


class NotAllOursError(Exception):
    """Another worker holds some of the rows, or they may not leave any more. The caller rolls the transaction back."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things last, in seconds of real time; a chaos test scales them together.

    Attributes:
        claim_s: lease of a claimed row; renewed while its worker lives (`alerts.sending.leases`).
        try_s: lease of a row under way; longer than `request_s` and writing its outcome.
        request_s: time-out of one call to WeChat.
        queued_s: a queued row is queued again after so long.
        remembered_s: template messages: the last moment a doubtful row leaves again, counted from its first
            try, so that it arrives within 8 minutes: WeChat remembers ids for 10.
        mass_remembered_s: mass sends: the last such moment, for WeChat remembers them for 24 hours.
        sweep_s: between two sweeps.
        backoff_s: first wait after a failed try; doubled each time, up to `backoff_max_s`.
        block_s: the longest that a worker waits for a chunk before it looks whether it is to stop; also between two tries
            while Redis is away.
        gather_s: how long an outcome waits for other outcomes, or for a group to mark, to be written with them.
    """

    claim_s: float = 30
    try_s: float = 30
    request_s: float = 8
    queued_s: float = 90
    remembered_s: float = 470
    mass_remembered_s: float = 23 * 3600
    sweep_s: float = 5
    backoff_s: float = 1
    backoff_max_s: float = 60
    block_s: float = 0.5
    gather_s: float = 0.05


@dataclass(slots=True)
class ClaimedRow:
    """A claimed row as a worker holds it.

    Attributes:
        run: the claim it belongs to; updates hold only while the row still carries it.
        doubt_s: seconds since the first try with an unknown result; None if there is none.
        failed_id: id of a message that WeChat took and could not deliver.
        refused: the channel by which the member refused it.
    """

    id: int
    campaign_id: int
    member_id: int
    run: str
    attempts: int
    due_at: datetime | None
    channel: str | None = None
    lead_id: int | None = None
    doubt_s: float | None = None
    failed_id: str | None = None
    refused: str | None = None


class Settlement(NamedTuple):
    """The result for a row after a try, or without one.

    Attributes:
        state: settled, or PENDING: again after `retry_in_s`.
        doubt: the try may have been carried out: the row keeps its channel and the time of its first try.
        attempts: tries that count.
    """

    row: ClaimedRow
    state: RowState
    reason: str | None = None
    errcode: int | None = None
    message_id: str | None = None
    channel: str | None = None
    retry_in_s: float = 0
    doubt: bool = False
    attempts: int = 0


def may_leave(now: ColumnElement[datetime] | None = None) -> ColumnElement[bool]:
    """The row's campaign is being sent, its last hour has not passed `now`, and nothing stops everything outgoing."""
    sending = exists().where(Campaign.id == Delivery.campaign_id, Campaign.status == Status.SENDING.value)
    if now is not None:
        sending = sending.where(or_(Campaign.last_at.is_(None), Campaign.last_at > now))
    return and_(sending.correlate(Delivery), ~exists().where(Switch.name == OUTGOING))
