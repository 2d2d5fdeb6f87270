"""The sweep: finds due rows in the database and queues them, and frees the rows of dead workers.

Each worker sweeps. A row is queued by a conditional update, so two sweeps never queue it at the same time. The queue is
kept short and filled by urgency (the nearest close first), so that the day's quota goes to the most urgent rows. While
Redis is away, the sweep's own worker delivers the rows.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import Connection, bindparam, exists, func, or_, select, update

from alerts.channels.mass.channel import MOST
from alerts.ledger.claim import pick_doubtful, pick_due, unqueue
from alerts.ledger.receipts import match_early
from alerts.ledger.recover_leases import any_lapsed, recover
from alerts.model.campaigns.campaign_states import Status
from alerts.model.kill_switch import OUTGOING
from alerts.model.rows.row_states import IS_PENDING, RowState, Timing
from alerts.model.tables import Campaign, CampaignCount, Delivery, Receipt
from alerts.sending.metrics import DeliveryMetrics
from alerts.worker.queue import ChunkQueue
from storage.clock import Clock
from storage.sql.base import UTCDateTime
from storage.sql.database import Database
from storage.sql.switches import Switch
from storage.tasks.cancel_tasks import cancel_and_wait
from storage.tasks.outage_log import OutageLog

CHUNK = 500
CHUNKS_ON_QUEUE = 6
"""Chunks to keep on the queue. With more of them, rows would be chosen too early."""
_REST_S = 0.1
"""Seconds between two fillings. The chunks on the queue last longer."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SendingCampaign:
    """A campaign that is being sent and has open rows."""

    id: int
    by_mass: bool
    to_all: bool


class Sweep:
    """Looks after the ledger in one worker.

    Args:
        deliver: delivers rows in this process, for when Redis is away.
        send_to_all: moves a send to all on.
        chunk: rows a chunk.
    """

    def __init__(
        self,
        database: Database,
        queue: ChunkQueue,
        metrics: DeliveryMetrics,
        *,
        clock: Clock,
        deliver: Callable[[list[int]], Coroutine[Any, Any, None]],
        send_to_all: Callable[[int], Awaitable[None]],
        timing: Timing,
        chunk: int = CHUNK,
    ) -> None:
        self._database = database
        self._queue = queue
        self._metrics = metrics
        self._clock = clock
        self._deliver = deliver
        self._send_to_all = send_to_all
        self._timing = timing
        self._chunk = chunk
        self._nudged = asyncio.Event()
        self._swept_at = float("-inf")
        self._alone: set[asyncio.Task[None]] = set()
        self._outage = OutageLog(
            "worker.chunks_not_queued", "does Redis run? They are delivered here meanwhile"
        )
        self._repeating: set[asyncio.Task[None]] = set()
        self._broken: set[int] = set()

    def nudge(self) -> None:
        """Fill the queue soon: it may have room, or the ledger new rows."""
        self._nudged.set()

    def put_back(self, ids: Iterable[int]) -> None:
        """Queue a chunk's rows again, because the database went away under it. This waits until the database is back."""
        self._broken.update(ids)

    async def run(self) -> None:
        """Sweep every `sweep_s` and fill the queue at least once a second, until cancelled."""
        try:
            while True:
                try:
                    await self.once()
                except Exception as error:  # the edge: a database that is away is waited for
                    _log.warning("worker.sweep_failed", error=type(error).__name__)
                    await asyncio.sleep(0.2)
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(1.0, self._timing.sweep_s)):
                        await self._nudged.wait()
                        await asyncio.sleep(_REST_S)
                self._nudged.clear()
        finally:
            await cancel_and_wait([*self._repeating, *self._alone])

    async def once(self) -> None:
        """Sweep if it is time, and fill the queue."""
        if time.monotonic() - self._swept_at >= self._timing.sweep_s:
            await self.take_back()
            await self.measure()
            self._swept_at = time.monotonic()
        await self.fill()

    async def take_back(self) -> None:
        """Free the rows of dead workers, match early receipts, and forget a queue that Redis has lost."""
        lapsed, early = await self._database.look(
            select(any_lapsed(self._database.engine.dialect.name), exists(select(Receipt.member_id)))
        )
        if lapsed:
            await self._recover()
        if early:
            async with self._database.write() as session:
                await match_early(session, self._clock())
        try:
            if await self._queue.was_emptied():
                await self._unqueue()
        except (RedisError, OSError):
            await self._unqueue()

    async def _recover(self) -> None:
        recovered = await self._database.run_in_write_transaction(
            partial(recover, now=self._clock(), timing=self._timing)
        )
        for state, rows in recovered.items():
            self._metrics.recovered.labels(state).inc(rows)
            if rows:
                _log.warning("worker.rows_recovered", state=state, rows=rows)

    async def _unqueue(self) -> None:
        async with self._database.write() as session:
            await session.execute(
                update(Delivery)
                .where(Delivery.campaign_id.in_(_being_sent()), IS_PENDING)
                .where(Delivery.queued_until.is_not(None))
                .values(queued_until=None)
                .execution_options(synchronize_session=False)
            )

    async def _unqueue_broken(self) -> None:
        """Else these rows would count as queued for `queued_s`, though nothing on the queue names them."""
        if not self._broken:
            return
        ids = frozenset(self._broken)
        await self._database.run_in_write_transaction(partial(unqueue, ids=ids))
        self._broken -= ids

    async def fill(self) -> int:
        """Queue due rows, the nearest close first. The result is their number. This worker sends rows in doubt at once."""
        await self._unqueue_broken()
        room, queued = await self._room(), 0
        in_doubt, to_send = await self._database.look(_WORK, {"now": self._clock()})
        if in_doubt:
            await self._repeat_doubtful()
        if not to_send:
            return 0
        for campaign in await self._database.run_in_read_transaction(partial(_sending, now=self._clock())):
            if campaign.to_all:
                await self._send_to_all(campaign.id)
                continue
            while room > 0:
                ids = await self._pick(campaign)
                if not ids:
                    break
                room = room - 1 if await self._put(ids) else 0
                queued += len(ids)
        return queued

    async def _repeat_doubtful(self) -> None:
        ids = await self._database.run_in_write_transaction(
            partial(pick_doubtful, limit=self._chunk, now=self._clock(), timing=self._timing)
        )
        if ids:
            self._deliver_here(ids, self._repeating)

    def _deliver_here(self, ids: list[int], beside: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(self._deliver(ids))
        beside.add(task)
        task.add_done_callback(beside.discard)

    async def _room(self) -> int:
        if self._alone:
            return 0
        try:
            waiting = await self._queue.waiting()
        except (RedisError, OSError):
            return 1
        self._metrics.depth.set(waiting)
        return CHUNKS_ON_QUEUE - waiting

    async def _pick(self, campaign: SendingCampaign) -> list[int]:
        limit = MOST if campaign.by_mass else self._chunk
        return await self._database.run_in_write_transaction(
            partial(pick_due, campaign_id=campaign.id, limit=limit, now=self._clock(), timing=self._timing)
        )

    async def _put(self, ids: list[int]) -> bool:
        """Queue a chunk. False: Redis is away, and this worker delivers the chunk."""
        self._metrics.queued.inc(len(ids))
        try:
            await self._queue.put(ids)
        except (RedisError, OSError) as error:
            self._outage.failed(error)
            self._deliver_here(ids, self._alone)
            return False
        self._outage.recovered()
        return True

    async def measure(self) -> None:
        """Set the gauges: what is open, since when it is due, and what waits for an operator's decision."""
        now = self._clock()
        open_rows, first, unknown = await self._database.look(_MEASURES)
        self._metrics.open.set(open_rows or 0)
        self._metrics.oldest.set(max(0.0, (now - first).total_seconds()) if first else 0)
        self._metrics.unknown.set(unknown or 0)


def _being_sent() -> Any:
    return select(Campaign.id).where(Campaign.status == Status.SENDING.value)


_IN_DOUBT = exists().where(IS_PENDING, Delivery.tried_at.is_not(None))
_OPEN_ROWS = (CampaignCount.campaign_id == Campaign.id) & (CampaignCount.state == "pending")
_SENDING = (
    select(Campaign.id, Campaign.channel, Campaign.audience)
    .outerjoin(CampaignCount, _OPEN_ROWS)
    .where(Campaign.status == Status.SENDING.value, ~exists().where(Switch.name == OUTGOING))
    .where(or_(CampaignCount.n > 0, Campaign.channel == "mass"))
    .where(or_(Campaign.last_at.is_(None), Campaign.last_at > bindparam("now", type_=UTCDateTime())))
    .order_by(Campaign.closes_on.is_(None), Campaign.closes_on, Campaign.id)
)

_FIRST_DUE = (
    select(func.min(Delivery.next_attempt_at))
    .where(Delivery.campaign_id == Campaign.id, IS_PENDING)
    .correlate(Campaign)
    .scalar_subquery()
)
_MEASURES = select(
    select(func.sum(CampaignCount.n))
    .join(Campaign, _OPEN_ROWS)
    .where(Campaign.status == Status.SENDING.value)
    .scalar_subquery(),
    select(func.min(_FIRST_DUE)).where(Campaign.status == Status.SENDING.value).scalar_subquery(),
    select(func.sum(CampaignCount.n)).where(CampaignCount.state == RowState.UNKNOWN.value).scalar_subquery(),
)
"""Open rows, when the first of them is due, rows in doubt."""
_WORK = select(_IN_DOUBT, _SENDING.exists())
"""Whether there are rows in doubt, and campaigns to send: all that an idle worker asks once a second."""


def _sending(connection: Connection, now: datetime) -> list[SendingCampaign]:
    """Return campaigns with rows to send, the nearest close first. Stopped and late campaigns are left out."""
    return [
        SendingCampaign(id_, channel == "mass", channel == "mass" and _is_to_all(audience))
        for id_, channel, audience in connection.execute(_SENDING, {"now": now})
    ]


def _is_to_all(audience: Mapping[str, Any]) -> bool:
    return bool(audience.get("everyone")) and not audience.get("by_list")
