"""All Redis commands of one turn of the event loop leave in one pipeline.

A redis-py call a message costs as much as the rest of answering it; one pipeline for all messages under way
costs a fraction. While one pipeline is out, what comes next gathers for the following one, so commands take
effect in the order in which they were issued. When Redis goes away, what is under way fails after one
time-out, what comes after that at once; beside it a PING every half second finds out when Redis is back.
"""

import asyncio
import math
from collections.abc import Sequence
from typing import Any

import hiredis
import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError

Command = tuple[str | bytes | int, ...]
_Group = tuple[Sequence[Command], "asyncio.Future[list[Any]] | None"]

_LARGEST_BATCH = 1000
"""Groups in one pipeline; bounds how long one may take."""

log = structlog.stdlib.get_logger(__name__)


class RedisPipeline:
    """Sends commands together with those that others issue at the same moment.

    Args:
        redis: only its connections are used: it knows how to reach the server, TLS and Sentinel included.
        timeout_s: for one pipeline, connecting included.
        rest_s: how long after a failure no other try is made; a try is made only while commands come.
    """

    def __init__(self, redis: Redis, *, timeout_s: float = 1.0, rest_s: float = 0.5) -> None:
        self._pool = redis.connection_pool
        self._timeout_s = timeout_s
        self._rest_s = rest_s
        self._waiting: list[_Group] = []
        self._pump: asyncio.Task[None] | None = None
        self._try_again_at = 0.0
        self._lost = False

    @property
    def lost(self) -> bool:
        """Redis did not answer when last asked."""
        return self._lost

    def send(self, *commands: Command) -> "asyncio.Future[list[Any]]":
        """Issue commands that belong together; the answers come in their order, texts as bytes.

        The future raises `redis.exceptions.RedisError`: Redis is away (the commands may have been carried
        out or not), or it refused one of them (the others were carried out).
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[Any]] = loop.create_future()
        if self._lost:
            self._look(loop)
            future.set_exception(RedisConnectionError("Redis is away"))
        else:
            self._enqueue(loop, (commands, future))
        return future

    def post(self, *commands: Command) -> None:
        """Issue commands whose outcome nobody waits for; a failure is logged."""
        loop = asyncio.get_running_loop()
        if self._lost:
            self._look(loop)
        else:
            self._enqueue(loop, (commands, None))

    async def flush(self) -> None:
        """Wait until everything issued so far has been answered or has failed."""
        while self._pump is not None:
            await asyncio.wait({self._pump})

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """See whether Redis is back, beside the command that just failed; it must not wait for this."""
        if self._pump is None and loop.time() >= self._try_again_at:
            self._enqueue(loop, ([("PING",)], None))

    def _enqueue(self, loop: asyncio.AbstractEventLoop, group: _Group) -> None:
        self._waiting.append(group)
        if self._pump is None:
            self._pump = loop.create_task(self._run())

    async def _run(self) -> None:
        """Its first step runs in the loop's next turn: by then this turn's commands are all there."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_LARGEST_BATCH], self._waiting[_LARGEST_BATCH:]
                try:
                    answers = await self._exchange(batch)
                except (RedisError, OSError, TimeoutError) as problem:
                    self._fail(batch, problem)
                else:
                    self._hand_out(batch, answers)
        finally:
            self._pump = None

    async def _exchange(self, batch: Sequence[_Group]) -> list[Any]:
        packed = b"".join(
            hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub means a tuple of any length
            for commands, _ in batch
            for command in commands
        )
        answers: list[Any] = []
        async with asyncio.timeout(self._timeout_s):
            connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
            try:
                await connection.send_packed_command(packed, check_health=False)
                for _ in range(sum(len(commands) for commands, _ in batch)):
                    try:
                        # math.inf: redis-py would set up a time-out of its own for each answer
                        answers.append(
                            await connection.read_response(disable_decoding=True, timeout=math.inf)
                        )
                    except ResponseError as refusal:
                        answers.append(refusal)
            finally:
                if len(answers) < sum(len(commands) for commands, _ in batch):
                    await connection.disconnect(nowait=True)
                await self._pool.release(connection)
        return answers

    def _hand_out(self, batch: Sequence[_Group], answers: list[Any]) -> None:
        if self._lost:
            self._lost = False
            log.info("redis.back")
        at = 0
        for commands, future in batch:
            own = answers[at : at + len(commands)]
            at += len(commands)
            refusal = next((answer for answer in own if isinstance(answer, ResponseError)), None)
            if future is None:
                if refusal is not None:
                    log.warning("redis.refused", command=str(commands[0][0]), reason=str(refusal))
            elif not future.done():
                if refusal is not None:
                    future.set_exception(refusal)
                else:
                    future.set_result(own)

    def _fail(self, batch: Sequence[_Group], problem: Exception) -> None:
        self._try_again_at = asyncio.get_running_loop().time() + self._rest_s
        if not self._lost:
            self._lost = True
            log.warning("redis.lost", cause=type(problem).__name__)
        rest, self._waiting = self._waiting, []
        for _, future in (*batch, *rest):
            if future is not None and not future.done():
                future.set_exception(RedisConnectionError("Redis is away"))
