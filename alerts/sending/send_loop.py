"""The send loop of one worker: it sends without pause, and writes the ledger beside it.

Three kinds of tasks run. The feeder takes messages from the outbox and has them marked. The ledger task writes the
outcomes of earlier messages and the marks of the next small group in one transaction. The senders call WeChat. A
message leaves only after its mark is written. Where it then waits for its turn, it leaves only if no operator has
stopped its campaign meanwhile.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

from alerts.channels.verdicts import SendVerdict
from alerts.model.campaigns.send_permission import FRESH_S, SendPermission
from alerts.model.rows.row_states import RowState, Timing
from alerts.sending.ledger_writer import LedgerWriter, Marked
from alerts.sending.message import Effects, Message
from alerts.sending.metrics import DeliveryMetrics
from alerts.sending.outbox import Outbox
from alerts.sending.rate import SharedRate
from alerts.sending.send import Sender
from storage.clock import Clock
from storage.sql.database import Database
from storage.tasks.cancel_tasks import cancel_and_wait

_PROOF = (RowState.SENT, RowState.ACCEPTED, RowState.UNREACHABLE)
"""WeChat gives these answers only to a message whose content it accepts."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many messages are under way at once.

    Attributes:
        width: messages sent and not answered yet.
        smallest, largest: messages marked in one statement. The group grows while the senders run dry waiting
            for it and shrinks while they don't, so that a kill leaves few rows in doubt.
    """

    width: int = 160
    smallest: int = 128
    largest: int = 512


class SendLoop:
    """Sends messages and writes the ledger. `async with` runs it; its end waits for the messages under way.

    Args:
        ask_openid: what user/info says of an openid that a send was refused for.
    """

    def __init__(
        self,
        database: Database,
        rate: SharedRate,
        metrics: DeliveryMetrics,
        *,
        clock: Clock,
        real_clock: Clock,
        ask_openid: Callable[[str], Awaitable[SendVerdict]],
        rng: random.Random,
        timing: Timing,
        size: Size = Size(),
    ) -> None:
        self._ledger = LedgerWriter(database, clock=clock, real_clock=real_clock, rng=rng, timing=timing)
        self._sender = Sender(metrics, ask_openid=ask_openid, rng=rng, timing=timing)
        self._permission = SendPermission(database)
        self._clock = clock
        self._rate = rate
        self._metrics = metrics
        self._timing = timing
        self._size = size
        self._group_size = size.smallest
        self._outbox = Outbox()
        self._group: list[Message] = []
        self._ready: asyncio.Queue[Message] = asyncio.Queue()
        self._effects = Effects()
        self._room, self._wake, self._marked = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._stopping = self._writing = False
        self._gathering: asyncio.TimerHandle | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start the feeder, the ledger task and the senders."""
        loops = [self._feed, self._keep_ledger, *[self._send] * self._size.width]
        self._tasks = [asyncio.create_task(loop()) for loop in loops]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do as `give_back` does, then stop the tasks."""
        await self.give_back()
        await cancel_and_wait(self._tasks)

    async def give_back(self) -> None:
        """Send no more. Free the rows of messages that have not left, wait for the others, and write all outcomes."""
        self._stopping = True
        for message in self._outbox.empty():
            self._release(message)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timing.try_s):
                while self._is_busy():  # noqa: ASYNC110 - other tasks end the messages
                    await asyncio.sleep(0.01)

    @property
    def loops(self) -> Sequence[asyncio.Task[None]]:
        """The running tasks. None should end by itself; when one has ended, nothing is sent any more."""
        return self._tasks

    def _is_busy(self) -> bool:
        broken = any(task.done() for task in self._tasks)
        return not broken and bool(self._outbox.under_way or self._effects or self._writing)

    def submit(self, messages: Iterable[Message]) -> None:
        """Take messages to send. Their rows are claimed; each message ends one count of its chunk."""
        for message in messages:
            message.chunk.begin(1)
            self._put(message)
        self._room.set()

    async def send(self, messages: Sequence[Message]) -> None:
        """Send the messages of one chunk. Returns when the ledger says what became of each of them.

        Returns also when a loop broke: then the lease of the rows has to end.
        """
        if not messages:
            return
        self.submit(messages)
        waiting = asyncio.ensure_future(messages[0].chunk.wait())
        try:
            await asyncio.wait([waiting, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()

    def _put(self, message: Message) -> None:
        if self._stopping:
            self._release(message)
        else:
            self._outbox.put(message)

    def _release(self, message: Message) -> None:
        self._effects.release(message)
        self._write_soon()

    # -- the feeder: keeps marked messages ready ------------------------------------------------------------

    async def _feed(self) -> None:
        while True:
            await self._room.wait()
            self._room.clear()
            while self._ready.qsize() < self._group_size and not self._stopping:
                taken = self._outbox.take(self._group_size)
                if not taken:
                    break
                await self._mark(await self._permitted(taken))

    async def _permitted(self, taken: list[Message]) -> list[Message]:
        """Return as many of the messages as the shared rate allows now. The others go back to the outbox."""
        allowed = await self._rate.permits(len(taken))
        for message in reversed(taken[allowed:]):
            self._outbox.put_back(message)
        if self._stopping:
            for message in self._outbox.empty():
                self._release(message)
        return taken[:allowed]

    async def _mark(self, group: list[Message]) -> None:
        self._marked.clear()
        self._group = group
        self._wake.set()
        await self._marked.wait()

    def _fit_group(self, marked: int) -> None:
        """Choose the size of the next group. If senders were idle when the marks came back, the group grows."""
        sent = self._outbox.under_way - self._ready.qsize() - marked
        if sent < self._size.width * 3 // 4:
            self._group_size = min(self._group_size * 2, self._size.largest)
        elif self._ready.qsize() > self._group_size // 2:
            self._group_size = max(self._group_size * 3 // 4, self._size.smallest)

    # -- the ledger -----------------------------------------------------------------------------------------

    def _write_soon(self) -> None:
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(self._timing.gather_s, self._wake.set)

    def _end_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None

    async def _keep_ledger(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._end_gathering()
            self._writing = True
            effects, self._effects = self._effects, Effects()
            group, self._group = self._group, []
            if effects or group:
                marked = await self._ledger.write(effects, group)
                if group:
                    self._fit_group(len(group))
                self._after_writing(effects, marked)
            self._writing = False
            if group:
                self._marked.set()

    def _after_writing(self, effects: Effects, marked: Marked) -> None:
        self._measure(effects)
        for effect in effects.each:
            if effect.ends:
                effect.message.chunk.end()
        leave_by = time.monotonic() + self._timing.try_s - self._timing.request_s
        for message, spent in marked.leaving:
            message.spent, message.leave_by = spent, min(leave_by, message.last_call)
            message.asked_at = marked.asked_at
            self._ready.put_nowait(message)
        for message in marked.not_sent:
            self._outbox.ended(message)
            self._release(message)
        for message in marked.without_allowance:
            self._outbox.ended(message)
            self._take_next_way(message)
        self._room.set()

    def _measure(self, effects: Effects) -> None:
        self._metrics.count(settlement.state for settlement in effects.settlements)
        due_at: dict[str, list[datetime | None]] = {}
        for message, verdict in effects.verdicts:
            if verdict.errcode == 0:
                due_at.setdefault(message.channel.value, []).append(message.rows[0].due_at)
        for channel, instants in due_at.items():
            self._metrics.took(channel, instants, self._clock())

    # -- the senders ----------------------------------------------------------------------------------------

    async def _send(self) -> None:
        while True:
            message = await self._ready.get()
            if self._ready.qsize() < self._group_size:
                self._room.set()
            verdict = await self._sender.attempt(message, partial(self._may_leave, message))
            if verdict is not None:
                self._judge(message, verdict)
            else:
                self._release(message)
            self._outbox.ended(message)

    async def _may_leave(self, message: Message) -> bool:
        """Whether the mark still holds, WeChat still remembers an earlier try, and nobody has stopped the campaign."""
        now = time.monotonic()
        if self._stopping or now >= message.leave_by:
            return False
        if now - message.asked_at < FRESH_S:
            return True
        return await self._permission.holds(message.campaign_ids, until=message.leave_by)

    def _judge(self, message: Message, verdict: SendVerdict) -> None:
        if verdict.state in _PROOF or verdict.next_channel:
            self._outbox.prove(message)
        if verdict.next_channel:
            message.refusal = verdict if verdict.refused else message.refusal
            self._effects.take_next_way(message, verdict)
            self._take_next_way(message)
        else:
            self._effects.add(message, verdict)
        self._write_soon()

    def _take_next_way(self, message: Message) -> None:
        """Send the same rows by the next channel on the message's list. If none is left, keep them in the inbox."""
        following = message.by_next_way()
        if following is not None:
            self._put(following)
            self._room.set()
        else:
            self._effects.add(message, SendVerdict(RowState.INBOX))
            self._write_soon()
