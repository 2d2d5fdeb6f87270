"""One connection to Redis whose answers come by a callback, as they arrive.

redis-py makes the connection (address, TLS, Sentinel, sign-in) and counts it in its pool; then its transport
speaks to this protocol, for redis-py's streams and time-outs for each answer were a good part of a message's cost.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import hiredis
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.exceptions import ResponseError

_NOTHING_YET = object()


class RedisLink(asyncio.Protocol):
    """A connection that only this link reads and writes.

    Attributes:
        alive: nobody has closed it.
    """

    def __init__(
        self,
        pool: ConnectionPool,
        connection: AbstractConnection,
        answered: Callable[[Any], None],
        ended: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._connection = connection
        self._answered = answered
        self._ended = ended
        self._answers = hiredis.Reader(replyError=ResponseError, notEnoughData=_NOTHING_YET)
        self._transport: asyncio.Transport = connection._writer.transport  # type: ignore[union-attr,assignment]  # no public way
        self._streams: Any = self._transport.get_protocol()
        self._transport.set_protocol(self)
        self.alive = True

    @classmethod
    async def open(
        cls, pool: ConnectionPool, answered: Callable[[Any], None], ended: Callable[[], None]
    ) -> "RedisLink":
        """Connect.

        Args:
            pool: redis-py's; the link takes one of its places until `close`.
            answered: called with each answer in turn: bytes, numbers, None, lists; a `ResponseError` is given,
                not raised.
            ended: called once when the connection is gone, by whomever.

        Raises:
            RedisError, OSError: no connection, or it was refused.
        """
        return cls(pool, await pool.get_connection(), answered, ended)  # type: ignore[no-untyped-call]

    def write(self, packed: bytes) -> None:
        """Send commands that are packed already."""
        self._transport.write(packed)

    def cut(self) -> None:
        """End the connection at once; what it was asked is not answered."""
        self.alive = False
        self._transport.abort()

    async def close(self) -> None:
        """Give the connection's place in the pool back."""
        self.cut()
        await self._connection.disconnect(nowait=True)
        await self._pool.release(self._connection)

    def data_received(self, data: bytes) -> None:
        self._answers.feed(data)
        while self.alive and (answer := self._answers.gets(False)) is not _NOTHING_YET:
            if not isinstance(answer, hiredis.PushNotification):
                self._answered(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self.alive = False
        self._streams.connection_lost(exc)  # redis-py waits for it when it closes its connections
        self._ended()
