"""One message: the rows it carries, its channel, the ways that remain, and what became of it."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from alerts.channels.choice import ALLOWANCES
from alerts.channels.inbox.channel import keep_in_inbox
from alerts.channels.member_channel import SendCall, Way
from alerts.channels.verdicts import SendVerdict
from alerts.model.campaigns.campaign_cache import CachedCampaign
from alerts.model.channel import Channel
from alerts.model.recipients import Person, Spent
from alerts.model.rows.row_states import ClaimedRow, RowState, Settlement
from storage import tracing


class ChunkProgress:
    """Counts the open messages of one chunk of the queue. The chunk is done when each is settled or put off.

    Attributes:
        trace: the span in which it was made; sending is done by other tasks.
    """

    def __init__(self) -> None:
        self.trace = tracing.here()
        self._open = 0
        self._done = asyncio.Event()
        self._done.set()

    def begin(self, messages: int) -> None:
        """Add messages that are about to be sent."""
        self._open += messages
        if self._open:
            self._done.clear()

    def end(self) -> None:
        """Note that one message has ended, and that the ledger says so."""
        self._open -= 1
        if not self._open:
            self._done.set()

    async def wait(self) -> None:
        """Wait until every message has ended."""
        await self._done.wait()


@dataclass(slots=True)
class Message:
    """A message to one member, or a mass send to many.

    Attributes:
        campaign: campaign of the first row, whose id the message carries.
        rows: the rows that it carries; several if alerts are gathered.
        recipients: who gets it: one member, or the list of a mass send.
        later_ways: the channels to try after this one, best first. If none is left, the rows go to the inbox.
        template_id: of a template message or a subscription notification, else "".
        lasting: the template's consent holds until it is withdrawn: a send spends none.
        refusal: the last verdict of an earlier way by which WeChat said that the member refuses messages.
        spent: what it took from the member's allowance.
        asked_at: `time.monotonic()` when the mark asked whether it may leave.
        leave_by: `time.monotonic()` until which the mark in the ledger surely holds.
        last_call: `time.monotonic()` until which WeChat surely remembers an earlier try.
    """

    campaign: CachedCampaign
    rows: list[ClaimedRow]
    recipients: Sequence[Person]
    channel: Channel
    call: SendCall
    chunk: ChunkProgress
    later_ways: tuple[Way, ...] = ()
    template_id: str = ""
    lasting: bool = False
    refusal: SendVerdict | None = None
    spent: Spent = None
    asked_at: float = 0.0
    leave_by: float = 0.0
    last_call: float = math.inf

    @classmethod
    def to_member(
        cls,
        campaign: CachedCampaign,
        rows: list[ClaimedRow],
        person: Person,
        ways: tuple[Way, ...],
        *,
        chunk: ChunkProgress,
        refusal: SendVerdict | None = None,
    ) -> "Message":
        """Return the message that brings these rows to one member by the first of these ways."""
        way, *_ = ways
        return cls(
            campaign,
            rows,
            [person],
            way.channel,
            way.call(person, campaign.client_id(person.id, rows[0].failed_id)),
            chunk,
            ways[1:],
            template_id=way.template_id,
            lasting=way.lasting,
            refusal=refusal,
        )

    def by_next_way(self) -> "Message | None":
        """Return the same rows for the next channel on the list. None: only the inbox is left."""
        if not self.later_ways:
            return None
        return Message.to_member(
            self.campaign,
            self.rows,
            self.recipients[0],
            self.later_ways,
            chunk=self.chunk,
            refusal=self.refusal,
        )

    @property
    def lead_id(self) -> int | None:
        """Return the id of the first row if the message carries several; else None."""
        return self.rows[0].id if len(self.rows) > 1 else None

    @property
    def costs(self) -> bool:
        """Whether it takes from the member's allowance."""
        return self.channel in ALLOWANCES and not self.lasting

    @property
    def campaign_ids(self) -> set[int]:
        """Ids of the campaigns whose alerts it carries."""
        return {row.campaign_id for row in self.rows}

    @property
    def doubted(self) -> bool:
        """Whether an earlier try may have arrived."""
        return self.rows[0].doubt_s is not None

    def settled(self, verdict: SendVerdict) -> list[Settlement]:
        """Return what the verdict means for each row."""
        if verdict.state is RowState.INBOX:
            return [keep_in_inbox(row, self.refusal) for row in self.rows]
        tries = 1 if verdict.counts else 0
        return [
            Settlement(
                row,
                verdict.state,
                verdict.reason,
                verdict.errcode,
                verdict.message_id,
                self.channel,
                verdict.retry_in_s,
                verdict.doubt,
                row.attempts + tries,
            )
            for row in self.rows
        ]

    def released(self) -> list[Settlement]:
        """Return the rows as free again, in their earlier state: nothing was sent."""
        return [
            Settlement(row, RowState.PENDING, doubt=row.doubt_s is not None, attempts=row.attempts)
            for row in self.rows
        ]


class Effect(NamedTuple):
    """What to write after one answer, or after no answer.

    Attributes:
        ends: the message ends with it.
    """

    message: Message
    verdict: SendVerdict | None
    settlements: list[Settlement]
    ends: bool = True


class Effects:
    """What to write after answers. They gather while the ledger is busy, and are written in one transaction."""

    def __init__(self, each: Sequence[Effect] = ()) -> None:
        self.each = list(each)

    def add(self, message: Message, verdict: SendVerdict) -> None:
        """Add an answer that settles the message's rows or puts them off."""
        self.each.append(Effect(message, verdict, message.settled(verdict)))

    def take_next_way(self, message: Message, verdict: SendVerdict) -> None:
        """Add an answer after which the rows take the next way."""
        self.each.append(Effect(message, verdict, [], ends=False))

    def release(self, message: Message) -> None:
        """Add a message that was not sent: its rows are free again, and the member's allowance is given back."""
        verdict = SendVerdict(RowState.PENDING, counts=False) if message.spent is not None else None
        self.each.append(Effect(message, verdict, message.released()))

    @property
    def settlements(self) -> list[Settlement]:
        """Return what happens to all rows."""
        return [settlement for effect in self.each for settlement in effect.settlements]

    @property
    def verdicts(self) -> list[tuple[Message, SendVerdict]]:
        """The answers and their messages."""
        return [(effect.message, effect.verdict) for effect in self.each if effect.verdict is not None]

    def __bool__(self) -> bool:
        return bool(self.each)
