"""The queue: a Redis stream of chunks. A chunk is a list of row ids that a worker should look at now.

Redis may lose the queue: due rows stand in the database, and the sweep queues them again. A second copy of a chunk finds
no row to claim. The queue is kept short, so that the most urgent rows are chosen only when a worker has room for them.

Redis streams do what is needed (a consumer group hands each chunk to one worker, XAUTOCLAIM takes over a dead
worker's chunks), so redis-py is used as it is, without a job library over it.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from alerts.model.rows.row_states import Timing
from storage import tracing
from storage.tasks.outage_log import OutageLog

STREAM = "alerts:chunks"
GROUP = "workers"
_MARKER = "alerts:queue"
_IDS, _TRACE = b"ids", b"traceparent"
_KEPT_ENTRIES = 1_000
_RECLAIM_S = 5.0
_log = structlog.get_logger(__name__)
Deliver = Callable[[list[int]], Awaitable[Any]]
_Entry = tuple[bytes, dict[bytes, bytes]]


class ChunkQueue:
    """Puts chunks on the stream, and serves them to a worker.

    Every method but `serve` raises `RedisError` or `OSError` while Redis is away.

    Args:
        redis: the process's client, plain or through Sentinel; it stays its opener's to close.
        deliver: what is done with a chunk's ids.
        timing: a chunk not acked for `claim_s` is another worker's; the longest wait for one is `block_s`.
    """

    def __init__(self, redis: Redis, deliver: Deliver, timing: Timing) -> None:
        self._redis = redis
        self._deliver = deliver
        self._idle_ms = int(timing.claim_s * 1000)
        self._block_s = timing.block_s
        self._consumer = secrets.token_hex(8)
        self._reclaim_at = 0.0
        self._outage = OutageLog(
            "worker.queue_away", "does Redis run? What is due is found in the database meanwhile"
        )

    async def put(self, ids: Sequence[int]) -> None:
        """Queue a chunk."""
        with tracing.span("alerts: queue a chunk", rows=len(ids)):
            fields: Any = {_IDS: json.dumps(list(ids)), **tracing.departing()}
            await self._redis.xadd(STREAM, fields, maxlen=_KEPT_ENTRIES, approximate=True)

    async def waiting(self) -> int:
        """Count the chunks that no worker has taken yet."""
        try:
            groups: Any = await self._redis.xinfo_groups(STREAM)
        except ResponseError:  # no stream yet
            return 0
        for group in groups:
            name = group.get("name", group.get(b"name"))
            if name in (GROUP, GROUP.encode()):
                return int(group.get("lag", group.get(b"lag")) or 0)
        return int(await self._redis.xlen(STREAM))

    async def was_emptied(self) -> bool:
        """Whether Redis lost everything since anyone last asked (true also the very first time)."""
        return bool(await self._redis.set(_MARKER, b"1", nx=True))

    async def serve(self, chunks_at_once: int, finish: asyncio.Event) -> None:
        """Deliver the chunks that come until `finish` is set, and those begun to their end.

        It goes on whatever becomes of Redis meanwhile. An event ends it, for redis-py may drop a cancellation
        (`storage.tasks.cancel_tasks`).
        """
        free = asyncio.Semaphore(chunks_at_once)
        async with asyncio.TaskGroup() as group:
            while not finish.is_set():
                await free.acquire()
                entries = await self._next()
                if not entries:
                    free.release()
                for entry in entries:
                    group.create_task(self._handle(*entry)).add_done_callback(lambda _: free.release())

    async def _next(self) -> list[_Entry]:
        """Return a chunk that nobody works on, within `block_s`; from time to time, one that a dead worker left."""
        now = asyncio.get_running_loop().time()
        try:
            if now >= self._reclaim_at:
                self._reclaim_at = now + _RECLAIM_S
                taken_over = await self._reclaim()
                if taken_over:
                    self._reclaim_at = now  # there may be more
                    return taken_over
            found = await self._read()
            self._outage.recovered()
            return found
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                self._outage.failed(str(error))
                await asyncio.sleep(self._block_s)
            await self._make_group()
        except (RedisError, OSError) as error:
            self._outage.failed(error)
            await asyncio.sleep(self._block_s)
        return []

    async def _handle(self, entry_id: bytes, fields: dict[bytes, bytes]) -> None:
        """Deliver a chunk, then ack it: a worker that dies in between leaves it to another."""
        if _IDS in fields:  # what an older release put there holds none: the sweep queues its rows again
            parent = tracing.arrived(fields.get(_TRACE, b"").decode())
            with tracing.span("alerts: a chunk", parent=parent):
                await self._deliver(json.loads(fields[_IDS]))
        try:
            await self._redis.xack(STREAM, GROUP, entry_id)
        except (RedisError, OSError):
            _log.warning("worker.chunk_not_acked")  # it comes again and finds nothing to claim

    async def _read(self) -> list[_Entry]:
        found: Any = await self._redis.xreadgroup(
            GROUP, self._consumer, {STREAM: ">"}, count=1, block=int(self._block_s * 1000)
        )
        if isinstance(found, dict):  # RESP3
            found = list(found.items())
        return [entry for _, entries in found or () for entry in _flat(entries)]

    async def _reclaim(self) -> list[_Entry]:
        """Return a chunk of a worker that died, if there is one."""
        found: Any = await self._redis.xautoclaim(
            STREAM, GROUP, self._consumer, min_idle_time=self._idle_ms, count=1
        )
        return [(entry_id, fields) for entry_id, fields in found[1] if fields]

    async def _make_group(self) -> None:
        """Make the group at the stream's beginning: "$" would lose what was queued before the first worker came."""
        try:
            await self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                self._outage.failed(str(error))
        except (RedisError, OSError) as error:
            self._outage.failed(error)


def _flat(entries: Sequence[Any]) -> list[_Entry]:
    """Return entries of a stream. RESP3 wraps them once more."""
    flat: list[_Entry] = []
    for entry in entries:
        flat += [entry] if isinstance(entry, tuple) else [tuple(each) for each in entry]
    return flat
