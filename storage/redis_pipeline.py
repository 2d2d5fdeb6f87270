"""All Redis commands of one turn of the event loop leave in one pipeline.

A redis-py call a message costs as much as the rest of answering it; one pipeline for all messages under way
costs a fraction. While one pipeline is out, what comes next gathers for the following one. Commands take
effect in the order in which they were issued. When Redis goes away, what is under way fails after one
time-out, what comes after that at once; beside it a PING every half second finds out when Redis is back.
"""

import asyncio
from contextlib import suppress
from typing import Any

import hiredis
import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError

from storage.redis_link import RedisLink

Command = tuple[str | bytes | int, ...]
_Group = tuple[tuple[Command, ...], "asyncio.Future[list[Any]] | None"]
"""Commands, and who waits for their answers."""

_PING: Command = ("PING",)
_AWAY = ("READONLY", "LOADING", "MASTERDOWN")
"""Answers of a server that is not (or no longer) the one to write to: Sentinel may know another."""

log = structlog.stdlib.get_logger(__name__)


class RedisPipeline:
    """Sends commands together with those that others issue at the same moment.

    Args:
        redis: only its connections are used: it knows how to reach the server, TLS and Sentinel included.
        timeout_s: how long Redis may be silent while something is asked, and how long connecting may take.
        rest_s: how long after a failure no other try is made; a try is made only while commands come.
    """

    def __init__(self, redis: Redis, *, timeout_s: float = 1.0, rest_s: float = 0.5) -> None:
        self._pool = redis.connection_pool
        self._timeout_s = timeout_s
        self._rest_s = rest_s
        self._link: RedisLink | None = None
        self._opening: asyncio.Task[None] | None = None
        self._packed: list[bytes] = []
        self._waiting: list[_Group] = []
        self._sent: list[_Group] = []
        self._next = 0
        self._answers: list[Any] = []
        self._refusal: ResponseError | None = None
        self._heard_at = 0.0
        self._watching = False
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
            self._enqueue(loop, commands, future)
        return future

    def post(self, *commands: Command) -> None:
        """Issue commands whose outcome nobody waits for; a failure is logged."""
        loop = asyncio.get_running_loop()
        if self._lost:
            self._look(loop)
        else:
            self._enqueue(loop, commands, None)

    async def flush(self) -> None:
        """Wait until everything issued so far has been answered or has failed."""
        if self._waiting or self._sent:
            loop = asyncio.get_running_loop()
            last: asyncio.Future[list[Any]] = loop.create_future()
            self._enqueue(loop, (_PING,), last)
            with suppress(RedisError):
                await last

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """See whether Redis is back, beside the command that just failed; it must not wait for this."""
        if not self._waiting and not self._sent and loop.time() >= self._try_again_at:
            self._enqueue(loop, (_PING,), None)

    def _enqueue(
        self,
        loop: asyncio.AbstractEventLoop,
        commands: tuple[Command, ...],
        future: "asyncio.Future[list[Any]] | None",
    ) -> None:
        self._packed.extend([hiredis.pack_command(command) for command in commands])  # type: ignore[arg-type]  # its stub means a tuple of any length
        self._waiting.append((commands, future))
        if len(self._waiting) == 1:
            loop.call_soon(self._write)  # in the loop's next turn: by then this turn's commands are all there

    def _write(self) -> None:
        if self._sent or not self._waiting:
            return
        loop = asyncio.get_running_loop()
        if self._link is None or not self._link.alive:
            if self._opening is None:
                self._opening = loop.create_task(self._open())
            return
        packed, self._packed = self._packed, []
        self._sent, self._waiting = self._waiting, []
        self._next = 0
        self._link.write(b"".join(packed))
        self._heard_at = loop.time()
        if not self._watching:
            self._watching = True
            loop.call_later(self._timeout_s, self._watch, loop)

    async def _open(self) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                broken, self._link = self._link, None
                if broken is not None:
                    await broken.close()
                self._link = await RedisLink.open(self._pool, self._answered, self._ended)
        except (RedisError, OSError, TimeoutError) as problem:
            self._lose(type(problem).__name__)
        finally:
            self._opening = None
        self._write()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give up a server that is silent; one timer for all that is asked."""
        self._watching = False
        if not self._sent:
            return
        silent_until = self._heard_at + self._timeout_s
        if loop.time() >= silent_until:
            self._lose("TimeoutError")
        else:
            self._watching = True
            loop.call_at(silent_until, self._watch, loop)

    def _answered(self, answer: Any) -> None:
        if isinstance(answer, ResponseError):
            if str(answer).startswith(_AWAY):
                self._lose(str(answer).partition(" ")[0])
                return
            self._refusal = answer
        self._answers.append(answer)
        commands, future = self._sent[self._next]
        if len(self._answers) < len(commands):
            return
        own, self._answers = self._answers, []
        refusal, self._refusal = self._refusal, None
        if self._lost:
            self._lost = False
            log.info("redis.back")
        if future is None:
            if refusal is not None:
                log.warning("redis.refused", command=str(commands[0][0]), reason=str(refusal))
        elif not future.done():
            if refusal is not None:
                future.set_exception(refusal)
            else:
                future.set_result(own)
        self._next += 1
        if self._next == len(self._sent):
            self._sent = []
            self._write()

    def _ended(self) -> None:
        if self._sent:
            self._lose("ConnectionError")

    def _lose(self, cause: str) -> None:
        self._try_again_at = asyncio.get_running_loop().time() + self._rest_s
        if not self._lost:
            self._lost = True
            log.warning("redis.lost", cause=cause)
        groups = (*self._sent[self._next :], *self._waiting)
        self._packed, self._waiting, self._sent, self._answers = [], [], [], []
        self._refusal, self._next = None, 0
        if self._link is not None:
            self._link.cut()
        for _, future in groups:
            if future is not None and not future.done():
                future.set_exception(RedisConnectionError("Redis is away"))
