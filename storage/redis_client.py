"""The way to Redis: one address, plain, with TLS, by a Unix socket or through Sentinel."""

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff

from storage.redis_address import SentinelAddress, redis_address

_TIMEOUT_S = 1.0
_SENTINEL_TIMEOUT_S = 0.3
"""Shorter: a sentinel whose machine is gone must not use up the time in which the next one could be asked."""


def open_redis(url: str) -> Redis:
    """Open a client; it connects on first use and again after a break.

    Args:
        url: see `storage.redis_address`.

    Raises:
        ValueError: the address is none of the known forms; the message does not hold the password.
    """
    address = redis_address(url)
    if isinstance(address, SentinelAddress):
        return Redis.from_pool(_SentinelPool.of(address))
    return Redis.from_url(url, **_patience())


def _patience() -> dict[str, Any]:
    """One more try on a new connection, at once; by default redis-py tries ten times, seconds apart, and whoever
    asks would rather go on without Redis.
    """
    return {
        "socket_connect_timeout": _TIMEOUT_S,
        "socket_timeout": _TIMEOUT_S,
        "retry": Retry(NoBackoff(), 1),
    }


class _SentinelPool(SentinelConnectionPool):
    """Connections to the master that sentinels name; closed with the way to the sentinels."""

    @classmethod
    def of(cls, address: SentinelAddress) -> "_SentinelPool":
        master: dict[str, Any] = dict(parse_url(address.master))
        for name in ("host", "port", "connection_class"):
            master.pop(name, None)
        encrypted = {name: value for name, value in master.items() if name.startswith("ssl_")}
        sentinels = Sentinel(  # type: ignore[no-untyped-call]  # redis-py's Sentinel has no types
            address.sentinels,
            sentinel_kwargs={
                **({"ssl": True, **encrypted} if address.tls else {}),
                **address.sign_in,
                "socket_connect_timeout": _SENTINEL_TIMEOUT_S,
                "socket_timeout": _SENTINEL_TIMEOUT_S,
                "retry": Retry(NoBackoff(), 0),
            },
        )
        return cls(address.service, sentinels, **master, ssl=address.tls, **_patience())

    async def disconnect(self, inuse_connections: bool = True) -> None:
        """Close the connections; all of them, and those to the sentinels too, at the client's end."""
        await super().disconnect(inuse_connections)
        if inuse_connections:
            await self.sentinel_manager.aclose()
