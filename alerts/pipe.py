"""The pipe of one worker: it is always full, and the ledger is written beside it.

Groups overlap: while messages are under way, the outcomes of earlier ones and the marks of the next small
group go into the database in one transaction. A message leaves only once its mark is there.
"""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from alerts import ledger, people
from alerts.aftermath import write_effects
from alerts.channels import REMEMBERED, Channel
from alerts.ledger import NO_ANSWER, State, Timing
from alerts.message import Effects, Message
from alerts.metrics import DeliveryMetrics
from alerts.outcomes import Try, Verdict, accepted, failed
from alerts.people import Spent
from alerts.rate import SharedRate
from storage.clock import Clock
from storage.database import Database
from wechat.errors import ApiFailure, NotSent, WeChatError

FIRST = 20
"""Until one message of a campaign has been taken, so many are under way at most: a template that WeChat
refuses (47003) then costs 20 dead letters, not thousands."""
_COSTS = frozenset({Channel.CUSTOM, Channel.SUBSCRIBE})
_CANCEL_S = 5.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is under way at once.

    Attributes:
        width: messages sent and not answered yet.
        smallest, largest: messages marked in one statement. The group grows while the senders run dry waiting
            for it and shrinks while they don't, so that a kill leaves few rows in doubt.
    """

    width: int = 160
    smallest: int = 16
    largest: int = 256


@dataclass(slots=True)
class _Marked:
    leaving: list[tuple[Message, Spent]]
    lacking: list[Message]
    staying: list[Message]


class Pipe:
    """Sends messages and keeps the ledger; `async with` runs it, its end lets what is under way arrive.

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
        ask_openid: Callable[[str], Awaitable[Verdict]],
        rng: random.Random,
        timing: Timing,
        size: Size = Size(),
    ) -> None:
        self._database = database
        self._clock, self._real_clock = clock, real_clock
        self._rate = rate
        self._metrics = metrics
        self._taken = {channel: metrics.tried.labels(channel.value, "0") for channel in Channel}
        self._ask_openid = ask_openid
        self._rng = rng
        self._timing = timing
        self._size = size
        self._group_size = size.smallest
        self._waiting: dict[int, deque[Message]] = {}
        self._group: list[Message] = []
        self._ready: asyncio.Queue[Message] = asyncio.Queue()
        self._effects = Effects()
        self._under_way: Counter[int] = Counter()
        self._proven: set[int] = set()
        self._room, self._wake, self._marked = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start the feeder, the ledger's writer and the senders."""
        loops = [self._feed, self._keep_ledger, *[self._send] * self._size.width]
        self._tasks = [asyncio.create_task(loop()) for loop in loops]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """As `give_back`, then stop."""
        await self.give_back()
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks, timeout=_CANCEL_S)

    async def give_back(self) -> None:
        """Send no more: free what has not left, let what has left arrive, and write it all down."""
        self._stopping = True
        for queue in self._waiting.values():
            for message in queue:
                self._stay(message)
        self._waiting.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timing.try_s):
                while self._busy():  # noqa: ASYNC110 - the senders and the writer free it
                    await asyncio.sleep(0.01)

    def submit(self, messages: Iterable[Message]) -> None:
        """Messages to send, of rows that are claimed; each ends its chunk's count."""
        for message in messages:
            message.chunk.begin(1)
            self._put(message)
        self._room.set()

    def _put(self, message: Message) -> None:
        if self._stopping:
            self._stay(message)
        else:
            waiting = self._waiting.setdefault(message.brief.id, deque())
            if message.doubted:  # before WeChat forgets its id
                waiting.appendleft(message)
            else:
                waiting.append(message)

    def _stay(self, message: Message) -> None:
        self._effects.settlements += message.released()
        self._effects.ended.append(message.chunk)
        self._wake.set()

    def _busy(self) -> bool:
        return bool(
            self._group
            or not self._ready.empty()
            or self._under_way.total()
            or self._effects
            or self._writing
        )

    _writing = False

    # -- the feeder -----------------------------------------------------------------------------------------

    async def _feed(self) -> None:
        while True:
            await self._room.wait()
            self._room.clear()
            while self._ready.qsize() < self._group_size and not self._stopping:
                if self._ready.empty() and self._under_way.total() < self._size.width:
                    self._group_size = min(self._group_size * 2, self._size.largest)
                elif self._ready.qsize() > self._group_size // 2:
                    self._group_size = max(self._group_size * 3 // 4, self._size.smallest)
                taken = self._take(self._group_size)
                if not taken:
                    break
                allowed = await self._rate.permits(len(taken))
                for message in reversed(taken[allowed:]):
                    self._under_way[message.brief.id] -= 1
                    self._put_back(message)
                self._marked.clear()
                self._group = taken[:allowed]
                self._wake.set()
                await self._marked.wait()

    def _put_back(self, message: Message) -> None:
        if self._stopping:
            self._stay(message)
        else:
            self._waiting.setdefault(message.brief.id, deque()).appendleft(message)

    def _take(self, limit: int) -> list[Message]:
        taken: list[Message] = []
        paying: set[int] = set()
        for campaign_id, queue in list(self._waiting.items()):
            room = limit - len(taken)
            if campaign_id not in self._proven:
                room = min(room, FIRST - self._under_way[campaign_id])
            while queue and room > 0:
                message = queue[0]
                if message.channel in _COSTS:
                    if message.people[0].id in paying:  # one statement can take one message a member
                        break
                    paying.add(message.people[0].id)
                taken.append(queue.popleft())
                self._under_way[campaign_id] += 1
                room -= 1
            if not queue:
                del self._waiting[campaign_id]
        return taken

    # -- the ledger -----------------------------------------------------------------------------------------

    async def _keep_ledger(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._writing = True
            effects, self._effects = self._effects, Effects()
            group, self._group = self._group, []
            if effects or group:
                marked = await self._write(effects, group)
                self._after_writing(effects, marked)
            self._writing = False
            if group:
                self._marked.set()

    async def _write(self, effects: Effects, group: list[Message]) -> _Marked:
        """One transaction; where the database is away it is tried until it is back: nothing may be forgotten."""
        pause = 0.05
        while True:
            try:
                async with self._database.write() as session:
                    await write_effects(session, effects, self._clock(), self._real_clock())
                    return await self._mark(session, group)
            except (
                Exception
            ) as error:  # the edge of the database: drivers raise their own kinds when it goes away
                _log.warning("ledger_not_written", error=cause_of(error), rows=len(effects.settlements))
            await asyncio.sleep(pause * (0.5 + self._rng.random()))
            pause = min(pause * 2, 2.0)

    async def _mark(self, session: AsyncSession, group: list[Message]) -> _Marked:
        if not group:
            return _Marked([], [], [])
        spent: dict[int, dict[int, Spent]] = {}
        payers: dict[tuple[Channel, str], list[Message]] = {}
        for message in group:
            if message.channel in _COSTS:
                payers.setdefault((message.channel, message.template_id), []).append(message)
        for (channel, template_id), messages in sorted(payers.items()):
            ids = [message.people[0].id for message in messages]
            taken = await people.spend(session, channel, template_id, ids, self._real_clock())
            for message in messages:
                spent[id(message)] = taken
        able = [m for m in group if id(m) not in spent or m.people[0].id in spent[id(m)]]
        rows = [(row, m.channel.value, m.lead_id) for m in able for row in m.rows]
        ids_marked = await ledger.mark_trying(session, rows, self._timing) if rows else set()
        leaving = [
            (m, spent[id(m)][m.people[0].id] if id(m) in spent else None)
            for m in able
            if all(row.id in ids_marked for row in m.rows)
        ]
        gone = {id(m) for m, _ in leaving}
        staying = [m for m in able if id(m) not in gone]
        await people.give_back(
            session, [(m.people[0].id, spent[id(m)][m.people[0].id]) for m in staying if id(m) in spent]
        )
        able_ids = {id(m) for m in able}
        return _Marked(leaving, [m for m in group if id(m) not in able_ids], staying)

    def _after_writing(self, effects: Effects, marked: _Marked) -> None:
        self._measure(effects)
        for chunk in effects.ended:
            chunk.end()
        leave_by = time.monotonic() + self._timing.try_s - self._timing.request_s
        for message, spent in marked.leaving:
            message.spent, message.leave_by = spent, min(leave_by, message.last_call)
            self._ready.put_nowait(message)
        for message in marked.staying:
            self._under_way[message.brief.id] -= 1
            self._stay(message)
        for message in marked.lacking:
            self._under_way[message.brief.id] -= 1
            self._turn(message)
        self._room.set()

    def _measure(self, effects: Effects) -> None:
        self._metrics.count(settlement.state for settlement in effects.settlements)
        now = self._clock()
        for message, verdict in effects.verdicts:
            due_at = message.rows[0].due_at
            if verdict.errcode == 0 and due_at is not None:
                self._metrics.latency.labels(message.channel.value).observe((now - due_at).total_seconds())

    # -- the senders ----------------------------------------------------------------------------------------

    async def _send(self) -> None:
        while True:
            message = await self._ready.get()
            if self._ready.qsize() < self._group_size:
                self._room.set()
            if time.monotonic() < message.leave_by:
                self._judge(message, await self._try(message))
            else:  # the process stood still: the mark may be another's by now, and nothing has left
                self._stay(message)
            self._under_way[message.brief.id] -= 1

    async def _try(self, message: Message) -> Verdict:
        tried = Try(message.channel, message.rows[0].attempts + 1, message.doubted)
        try:
            verdict = accepted(message.channel, await message.call())
        except ApiFailure as failure:
            verdict = failed(failure, tried, self._timing, self._rng)
            self._count(message, failure)
        except Exception:  # the edge of sending: whatever broke, the message may have left
            _log.exception("send_broke", campaign=message.brief.id)
            again = message.channel in REMEMBERED
            verdict = Verdict(
                State.PENDING if again else State.UNKNOWN,
                NO_ANSWER,
                retry_in_s=60 if again else 0,
                doubt=True,
            )
        else:
            self._taken[message.channel].inc()
        if verdict.ask_openid:
            verdict = await self._ask_openid(message.people[0].openid)
        return verdict

    def _judge(self, message: Message, verdict: Verdict) -> None:
        if verdict.state in (State.SENT, State.ACCEPTED, State.UNREACHABLE) or verdict.next_channel:
            self._proven.add(message.brief.id)
        if verdict.next_channel:
            self._effects.verdicts.append((message, verdict))
            self._turn(message)
        else:
            self._effects.add(message, verdict)
        self._wake.set()

    def _turn(self, message: Message) -> None:
        """Take the next way for the same rows."""
        message.closed |= {message.channel}
        following = message.reroute(message)
        if isinstance(following, Message):
            self._put(following)
            self._room.set()
        else:
            self._effects.add(replace(message, channel=Channel.INBOX), following)
            self._wake.set()

    def _count(self, message: Message, failure: ApiFailure) -> None:
        if isinstance(failure, WeChatError):
            errcode = str(failure.errcode)
        else:
            errcode = "unsent" if isinstance(failure, NotSent) else "none"
        self._metrics.tried.labels(message.channel.value, errcode).inc()


def cause_of(error: Exception) -> str:
    """What kind of error it was, without its words: a driver's may hold a row's values."""
    original = getattr(error, "orig", None)
    state = getattr(original, "sqlstate", None)
    return f"{type(error).__name__} {state or ''}".strip()
