"""The worker: serves the queue, sweeps the ledger, and sends. Any number of workers run at once."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from redis.asyncio import Redis

from alerts.channels.mass.send_to_all import SendToAll
from alerts.channels.mass.status_poll import MassStatus
from alerts.channels.outlet import Outlet
from alerts.delivery.dispatcher import Dispatcher
from alerts.model.rows.row_states import Timing
from alerts.sending.leases import Leases
from alerts.sending.metrics import DeliveryMetrics
from alerts.sending.openid_check import openid_check
from alerts.sending.rate import SharedRate
from alerts.sending.send_loop import SendLoop, Size
from alerts.worker.queue import ChunkQueue
from alerts.worker.sweep import CHUNK, Sweep
from storage.clock import Clock, system_clock
from storage.sql.database import Database
from storage.sql.database_errors import DatabaseUnavailableError
from storage.tasks.cancel_tasks import cancel_and_wait

CHUNKS_AT_ONCE = 4
"""Chunks that one worker has open: enough that the send loop never waits for the rows of the next one."""
_FINISH_S = 10.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerParts:
    """What a worker works with; all of it stays its opener's to close.

    Attributes:
        clock: business time. Leases, back-off and WeChat's windows keep real time.
        rate_per_s: sends a second over all workers; 0: no limit.
    """

    database: Database
    redis: Redis
    outlet: Outlet
    clock: Clock
    metrics: DeliveryMetrics
    rate_per_s: float = 0
    real_clock: Clock = system_clock
    timing: Timing = field(default_factory=Timing)
    size: Size = field(default_factory=Size)


async def run(parts: WorkerParts) -> None:
    """Work until cancelled. Then wait for the messages under way, write their outcomes, and free all other rows."""
    rng = random.Random()  # noqa: S311 - jitter
    send_loop, leases = _send_loop(parts, rng), Leases(parts.database, parts.timing)
    dispatcher = _dispatcher(parts, send_loop, leases)

    async def deliver(ids: list[int]) -> None:
        try:
            if await dispatcher.deliver(ids):
                sweep.nudge()
        except Exception as error:  # the edge of a chunk: claimed rows are free again when their lease ends
            _log.warning("worker.chunk_broke", error=type(error).__name__, rows=len(ids))
            if isinstance(error, DatabaseUnavailableError):
                sweep.put_back(ids)

    queue = ChunkQueue(parts.redis, deliver, parts.timing)
    sweep = Sweep(
        parts.database,
        queue,
        parts.metrics,
        clock=parts.clock,
        deliver=deliver,
        send_to_all=SendToAll(parts.database, parts.outlet, parts.clock, rng, parts.timing).advance,
        timing=parts.timing,
        chunk=chunk_rows(parts.rate_per_s),
    )
    status = MassStatus(parts.database, parts.outlet.client, parts.clock)
    await _work(send_loop, queue, [sweep.run, status.run, leases.run])


def _send_loop(parts: WorkerParts, rng: random.Random) -> SendLoop:
    return SendLoop(
        parts.database,
        SharedRate(parts.rate_per_s, parts.redis),
        parts.metrics,
        clock=parts.clock,
        real_clock=parts.real_clock,
        ask_openid=openid_check(parts.outlet.client),
        rng=rng,
        timing=parts.timing,
        size=parts.size,
    )


def _dispatcher(parts: WorkerParts, send_loop: SendLoop, leases: Leases) -> Dispatcher:
    return Dispatcher(
        parts.database,
        send_loop,
        parts.outlet,
        leases,
        clock=parts.clock,
        real_clock=parts.real_clock,
        metrics=parts.metrics,
        timing=parts.timing,
    )


def chunk_rows(rate_per_s: float) -> int:
    """Return the number of rows in a chunk. At a low rate it is two seconds' worth, so decisions on its rows are still true."""
    return CHUNK if rate_per_s <= 0 else max(5, min(CHUNK, int(rate_per_s * 2)))


async def _work(
    send_loop: SendLoop, queue: ChunkQueue, beside: Sequence[Callable[[], Coroutine[Any, Any, None]]]
) -> None:
    finish = asyncio.Event()
    async with send_loop:
        serving = asyncio.create_task(queue.serve(CHUNKS_AT_ONCE, finish))
        others = [asyncio.create_task(run()) for run in beside]
        _log.info("worker.started")
        try:
            await _first_to_end([serving, *others, *send_loop.loops])
        finally:
            finish.set()
            await cancel_and_wait(others, again_s=2)
            await send_loop.give_back()
            await asyncio.wait([serving], timeout=_FINISH_S)
            await cancel_and_wait([serving])
            _log.info("worker.stopped")


async def _first_to_end(tasks: list[asyncio.Task[Any]]) -> None:
    """Wait until one ends, which none should, and raise what ended it."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
