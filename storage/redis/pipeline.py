"""All Redis commands of one turn of the event loop leave in one pipeline of redis-py.

By hand: redis-py has no pipeline that several tasks share. A call for each message costs as much as the rest of the answer; one
pipeline for all messages under way costs a fraction. While a pipeline is out, further commands gather for the next
one. Commands take effect in the order in which they were issued. After a failure, commands fail at once, and a PING every
half second finds out when Redis is back.
"""

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.connection import Connection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, RedisError, ResponseError

from storage.tasks.outage_log import OutageLog

Command = tuple[str | bytes | int, ...]
_Group = tuple[tuple[Command, ...], "asyncio.Future[list[Any]] | None"]
"""Commands, and the future that waits for their answers. None: nothing waits."""

_PING: Command = ("PING",)

_log = structlog.stdlib.get_logger(__name__)


class _Untimed(Pipeline):
    """redis-py's pipeline without a timer for each answer. `RedisPipeline` sets one for the whole."""

    async def parse_response(self, connection: Connection, command_name: str | bytes, **_options: Any) -> Any:
        """Return the next answer as it came. A message has four; a timer for each would cost as much as the rest."""
        return await connection.read_response(timeout=math.inf)


class RedisPipeline:
    """Sends commands together with those that other tasks issue in the same turn of the event loop.

    When a connection breaks, redis-py sends its pipeline once more (see `storage.redis.client`), so a command may be
    executed twice. Issue only idempotent commands.

    Args:
        redis: gives the connections; it knows about TLS and Sentinel.
        timeout_s: seconds that one pipeline may take, with connecting.
        rest_s: seconds after a failure before Redis is tried again; it is tried only when a command is issued.
    """

    def __init__(self, redis: Redis, *, timeout_s: float = 1.0, rest_s: float = 0.5) -> None:
        self._redis = redis
        self._timeout_s = timeout_s
        self._rest_s = rest_s
        self._waiting: list[_Group] = []
        self._running: asyncio.Task[None] | None = None
        self._try_again_at = 0.0
        self._lost = False
        self._outage = OutageLog("redis.lost", "answers go on without sessions: does Redis run?")

    @property
    def lost(self) -> bool:
        """Whether the last pipeline failed."""
        return self._lost

    def send(self, *commands: Command) -> "asyncio.Future[list[Any]]":
        """Issue commands that belong together. The future gives their answers in order, texts as bytes.

        The future raises `redis.exceptions.RedisError` if Redis is unavailable (the commands may have been executed or
        not), or if it refused one of them (then the others were executed).
        """
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        if self._lost:
            self._probe()
            future.set_exception(RedisConnectionError("Redis is away"))
        else:
            self._enqueue(commands, future)
        return future

    def post(self, *commands: Command) -> None:
        """Issue commands without waiting for them; a failure is logged."""
        if self._lost:
            self._probe()
        else:
            self._enqueue(commands, None)

    async def flush(self) -> None:
        """Wait until everything issued so far has been answered or has failed."""
        if self._running is not None:
            last: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
            self._enqueue((_PING,), last)
            with suppress(RedisError):
                await last

    def _probe(self) -> None:
        """Probe Redis with a PING, beside the command that just failed, which must not wait for the probe."""
        if self._running is None and asyncio.get_running_loop().time() >= self._try_again_at:
            self._enqueue((_PING,), None)

    def _enqueue(self, commands: tuple[Command, ...], future: "asyncio.Future[list[Any]] | None") -> None:
        self._waiting.append((commands, future))
        # A task begins in the next turn of the event loop; by then it has all commands of this turn.
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._waiting:
                groups, self._waiting = self._waiting, []
                try:
                    async with asyncio.timeout(self._timeout_s):
                        answers = await self._ask(groups)
                except (RedisError, OSError, TimeoutError) as problem:
                    self._lose(groups, type(problem).__name__)
                else:
                    self._give(groups, answers)
        finally:
            self._running = None

    async def _ask(self, groups: Sequence[_Group]) -> list[Any]:
        """Return all answers in order; a refusal is an error object in the list.

        Raises:
            RedisError, OSError: Redis is unavailable, or has become a replica, which takes no writes.
        """
        async with _Untimed(self._redis.connection_pool, {}, False, None) as pipeline:
            for commands, _ in groups:
                for command in commands:
                    pipeline.execute_command(*command)
            answers = await pipeline.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, ReadOnlyError):  # the server has become a replica: connect again
                await self._redis.connection_pool.disconnect(inuse_connections=False)
                raise answer
        return answers

    def _give(self, groups: Sequence[_Group], answers: Sequence[Any]) -> None:
        if self._lost:
            self._lost = False
            self._outage.recovered()
        coming = iter(answers)
        for commands, future in groups:
            own = list(islice(coming, len(commands)))
            refusal = next((answer for answer in own if isinstance(answer, ResponseError)), None)
            if future is None:
                if refusal is not None:
                    _log.warning("redis.refused", command=str(commands[0][0]), reason=str(refusal))
            elif not future.done():
                if refusal is not None:
                    future.set_exception(refusal)
                else:
                    future.set_result(own)

    def _lose(self, groups: Sequence[_Group], cause: str) -> None:
        self._try_again_at = asyncio.get_running_loop().time() + self._rest_s
        self._lost = True
        self._outage.failed(cause)
        failed, self._waiting = (*groups, *self._waiting), []
        for _, future in failed:
            if future is not None and not future.done():
                future.set_exception(RedisConnectionError("Redis is away"))
