"""Counters in Redis that all processes share, for rate limits (the library `limits`)."""

from limits.aio.storage import RedisStorage
from redis.asyncio import Redis


def shared_counters(redis: Redis) -> RedisStorage:
    """Counters in the Redis of a client, for any kind of address (plain, TLS, socket, Sentinel).

    They use the connections of the client; whoever opened the client closes it.
    """
    return RedisStorage(
        "async+redis://",  # required, but no connection is made with it
        implementation="redispy",
        connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # its documented use
    )
