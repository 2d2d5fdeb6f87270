"""The queue: chunks of rows on a Redis stream that say "look at these now", and nothing more.

It may be lost whole: what is due stands in the database, and the sweep queues it again. So a chunk holds ids
only, a second copy of one finds nothing to claim, and the queue is kept short: what is most urgent is decided
when a worker has room for it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from taskiq import AckableMessage, AsyncBroker
from taskiq.acks import AcknowledgeType
from taskiq.receiver import Receiver
from taskiq_redis import RedisStreamBroker

STREAM = "alerts:chunks"
GROUP = "workers"
_MARKER = "alerts:queue"
_TASK = "deliver_chunk"
_KEPT_ENTRIES = 1_000
_BLOCK_MS = 500
_RECLAIM_S = 5.0
_PAUSE_S = 0.5
_log = structlog.get_logger(__name__)
Deliver = Callable[[list[int]], Awaitable[Any]]


class ChunkBroker(RedisStreamBroker):
    """taskiq's stream broker where its defaults lose or stall jobs.

    It reads from the stream's beginning ("$" would lose what was queued before the first worker came), keeps
    few entries behind, takes a dead worker's chunks by a timer of its own and not only when new ones arrive,
    makes its group again after Redis was emptied, and goes on when Redis comes back.

    Args:
        redis: the process's client, plain or through Sentinel; it stays its opener's to close.
        idle_s: a chunk not acked for so long is another worker's too, and finds nothing to claim where the first
            still lives.
    """

    def __init__(self, redis: Redis, idle_s: float) -> None:
        super().__init__(
            "redis://",  # no connection is made of it: the client's own pool stands in below
            queue_name=STREAM,
            consumer_group_name=GROUP,
            consumer_id="0",
            maxlen=_KEPT_ENTRIES,
            idle_timeout=int(idle_s * 1000),
            xread_block=_BLOCK_MS,
            xread_count=1,
        )
        self.connection_pool = redis.connection_pool  # type: ignore[assignment]
        self.finish = asyncio.Event()

    async def startup(self) -> None:
        """Nothing of Redis yet: `listen` waits for it and makes the group."""
        await AsyncBroker.startup(self)

    async def shutdown(self) -> None:
        """Leave the client's connections alone."""
        await AsyncBroker.shutdown(self)

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """Chunks as they come, whatever becomes of Redis meanwhile, until `finish` is set.

        The event, for redis-py may drop a cancellation (`storage.ending`) and taskiq cancels once.
        """
        loop = asyncio.get_running_loop()
        reclaim_at = loop.time()
        while not self.finish.is_set():
            try:
                entries = await self._read()
                if loop.time() >= reclaim_at:
                    reclaim_at = loop.time() + _RECLAIM_S
                    entries += await self._reclaim()
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    _log.warning("queue_refused", error=str(error))
                    await asyncio.sleep(_PAUSE_S)
                await self._make_group()
                continue
            except (RedisError, OSError) as error:
                _log.warning("queue_away", error=type(error).__name__)
                await asyncio.sleep(_PAUSE_S)
                continue
            for entry_id, fields in entries:
                yield AckableMessage(data=fields[b"data"], ack=self._steady_ack(entry_id))

    async def _read(self) -> list[tuple[Any, dict[bytes, bytes]]]:
        async with Redis(connection_pool=self.connection_pool) as redis:
            found: Any = await redis.xreadgroup(
                GROUP, self.consumer_name, {STREAM: ">"}, count=self.count, block=self.block
            )
        if isinstance(found, dict):  # RESP3
            found = list(found.items())
        return [entry for _, entries in found or () for entry in _flat(entries)]

    async def _reclaim(self) -> list[tuple[Any, dict[bytes, bytes]]]:
        async with Redis(connection_pool=self.connection_pool) as redis:
            found: Any = await redis.xautoclaim(
                STREAM, GROUP, self.consumer_name, min_idle_time=self.idle_timeout, count=1
            )
        return [(entry_id, fields) for entry_id, fields in found[1] if fields]

    async def _make_group(self) -> None:
        try:
            await self._declare_consumer_group()
        except (RedisError, OSError) as error:
            _log.warning("queue_away", error=type(error).__name__)

    def _steady_ack(self, entry_id: Any) -> Callable[[], Awaitable[None]]:
        ack = self._ack_generator(id=entry_id, queue_name=STREAM)

        async def acked() -> None:
            try:
                await ack()
            except (RedisError, OSError):
                _log.warning("chunk_not_acked")  # it comes again and finds nothing to claim

        return acked


def _flat(entries: Iterable[Any]) -> list[tuple[Any, dict[bytes, bytes]]]:
    """Entries of a stream; RESP3 wraps them once more."""
    flat: list[tuple[Any, dict[bytes, bytes]]] = []
    for entry in entries:
        flat += [entry] if isinstance(entry, tuple) else [tuple(each) for each in entry]
    return flat


class ChunkQueue:
    """Puts chunks on the stream, and serves them to a worker.

    Every method but `serve` raises `RedisError` or `OSError` while Redis is away.
    """

    def __init__(self, redis: Redis, deliver: Deliver, *, idle_s: float) -> None:
        self._redis = redis
        self._broker = ChunkBroker(redis, idle_s)
        self._task = self._broker.register_task(deliver, task_name=_TASK)

    async def put(self, ids: Sequence[int]) -> None:
        """Queue a chunk."""
        try:
            await self._task.kiq(list(ids))
        except Exception as error:  # taskiq wraps what its broker raises
            raise (error.__cause__ if isinstance(error.__cause__, (RedisError, OSError)) else error) from None

    async def waiting(self) -> int:
        """Chunks that no worker has taken yet."""
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
        """Run the chunks that come until `finish` is set, and those begun to their end."""
        self._broker.finish = finish
        receiver = Receiver(
            self._broker,
            validate_params=False,
            max_async_tasks=chunks_at_once,
            max_prefetch=0,
            ack_type=AcknowledgeType.WHEN_EXECUTED,
        )
        await receiver.listen(finish)
