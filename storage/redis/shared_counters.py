"""Counters in Redis that all processes share, for rate limits (the library `limits`)."""

from limits.aio.storage import RedisStorage
from redis.asyncio import Redis


def shared_counters(redis: Redis) -> RedisStorage:
    """Counters in the Redis of a client, whatever its kind of address (plain, TLS, socket, Sentinel).

    They use the client's own connections; the client stays its opener's to close.
    """
    return RedisStorage(
        "async+redis://",  # no connection is made of it
        implementation="redispy",
        connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # its documented use
    )
