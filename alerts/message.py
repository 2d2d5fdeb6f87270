"""One message on its way: the rows it carries, the channel, and what came of it."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from alerts.briefs import Brief
from alerts.channels import Channel
from alerts.ledger import Row, Settlement, State
from alerts.outcomes import Verdict
from alerts.people import Person, Spent

Call = Callable[[], Awaitable[str]]
"""Sends the message; gives WeChat's message id, or ""."""
PAID = (Channel.CUSTOM, Channel.SUBSCRIBE)
"""Ways that cost the member's allowance."""


class Chunk:
    """Rows that one job of the queue is about; done when each is settled or put off."""

    def __init__(self) -> None:
        self._open = 0
        self._done = asyncio.Event()
        self._done.set()

    def begin(self, messages: int) -> None:
        """So many messages more are on their way."""
        self._open += messages
        if self._open:
            self._done.clear()

    def end(self) -> None:
        """One of them is off our hands, and the ledger knows."""
        self._open -= 1
        if not self._open:
            self._done.set()

    async def wait(self) -> None:
        """Until all are."""
        await self._done.wait()


@dataclass(slots=True)
class Message:
    """A message to one member, or a mass send to many.

    Attributes:
        brief: campaign of the first row, whose id the message carries.
        rows: what it brings; several where alerts are gathered.
        people: who gets it: one, or the list of a mass send.
        reroute: gives another message for the same rows by the next way, or the verdict where none is left.
        template_id: of a template message or a subscription notification, else "".
        lasting: the template's consent holds until it is withdrawn: a send spends none.
        closed: ways that WeChat closed for the member in this attempt.
        spent: what it has cost.
        leave_by: `time.monotonic()` until which the mark in the ledger surely holds.
        last_call: `time.monotonic()` until which WeChat surely remembers an earlier try.
    """

    brief: Brief
    rows: list[Row]
    people: Sequence[Person]
    channel: Channel
    call: Call
    chunk: Chunk
    reroute: "Callable[[Message], Message | Verdict]"
    template_id: str = ""
    lasting: bool = False
    closed: frozenset[Channel] = frozenset()
    spent: Spent = None
    leave_by: float = 0.0
    last_call: float = math.inf

    @property
    def lead_id(self) -> int | None:
        """The first row, where there are others."""
        return self.rows[0].id if len(self.rows) > 1 else None

    @property
    def costs(self) -> bool:
        """Whether it spends the member's allowance."""
        return self.channel in PAID and not self.lasting

    @property
    def doubted(self) -> bool:
        """An earlier try may have arrived."""
        return self.rows[0].doubt_s is not None

    def settled(self, verdict: Verdict) -> list[Settlement]:
        """What the verdict means for each row."""
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
        """The rows as they were, free to be taken again: nothing left."""
        return [
            Settlement(row, State.PENDING, doubt=row.doubt_s is not None, attempts=row.attempts)
            for row in self.rows
        ]


@dataclass(slots=True)
class Effects:
    """What is to be written after answers: gathered while the ledger is busy, written in one transaction."""

    settlements: list[Settlement] = field(default_factory=list)
    verdicts: list[tuple[Message, Verdict]] = field(default_factory=list)
    ended: list[Chunk] = field(default_factory=list)

    def add(self, message: Message, verdict: Verdict) -> None:
        """An answer that settles or puts off its rows."""
        self.settlements += message.settled(verdict)
        self.verdicts.append((message, verdict))
        self.ended.append(message.chunk)

    def release(self, message: Message) -> None:
        """A message that stays here: its rows are free again."""
        self.settlements += message.released()
        self.ended.append(message.chunk)

    def __bool__(self) -> bool:
        return bool(self.settlements or self.verdicts or self.ended)
