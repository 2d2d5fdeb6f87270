"""The Redis client for one address: plain, with TLS, by a Unix socket, or through Sentinel.

redis-py's own, but for a packer in C; redis-py has no address form for Sentinel (`address`).
"""

from collections.abc import Iterable
from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import (
    AbstractConnection,
    Connection,
    ConnectionPool,
    SSLConnection,
    UnixDomainSocketConnection,
    parse_url,
)
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import (
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)
from redis.backoff import NoBackoff

from storage.redis.address import SentinelAddress, redis_address

_TIMEOUT_S = 1.0
_SENTINEL_TIMEOUT_S = 0.3
"""Shorter, so that an unreachable sentinel leaves time to ask the next one."""


def open_redis(url: str) -> Redis:
    """Open a client; it connects on first use and again after a break.

    Args:
        url: see `storage.redis.address`.

    Raises:
        ValueError: the address has none of the known forms. The message does not hold the password.
    """
    address = redis_address(url)
    if isinstance(address, SentinelAddress):
        return Redis.from_pool(_SentinelPool.of(address))
    options: dict[str, Any] = dict(parse_url(url))
    connection = _FAST[options.pop("connection_class", Connection)]
    return Redis.from_pool(ConnectionPool(connection, **options, **_timeouts_and_retry()))


class _PackedByHiredis(AbstractConnection):
    """Packs the commands of a pipeline in C; redis-py's asyncio connection does it in Python, at 5 µs a command."""

    def pack_commands(self, commands: Iterable[tuple[Any, ...]]) -> list[bytes]:  # type: ignore[override]
        """Return all commands as one piece of bytes."""
        return [b"".join([hiredis.pack_command(command) for command in commands])]


class _Fast(_PackedByHiredis, Connection):
    pass


class _FastTls(_PackedByHiredis, SSLConnection):
    pass


class _FastSocket(_PackedByHiredis, UnixDomainSocketConnection):
    pass


class _FastManaged(_PackedByHiredis, SentinelManagedConnection):
    pass


class _FastManagedTls(_PackedByHiredis, SentinelManagedSSLConnection):
    pass


_FAST = {Connection: _Fast, SSLConnection: _FastTls, UnixDomainSocketConnection: _FastSocket}


def _timeouts_and_retry() -> dict[str, Any]:
    """Timeouts, and one immediate retry on a new connection. By default redis-py retries ten times, seconds apart; our
    callers go on without Redis instead.
    """
    return {
        "socket_connect_timeout": _TIMEOUT_S,
        "socket_timeout": _TIMEOUT_S,
        "retry": Retry(NoBackoff(), 1),
    }


class _SentinelPool(SentinelConnectionPool):
    """Connections to the master that the sentinels name; closing it also closes those to the sentinels."""

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
        managed = _FastManagedTls if address.tls else _FastManaged
        return cls(address.service, sentinels, **master, connection_class=managed, **_timeouts_and_retry())

    async def disconnect(self, inuse_connections: bool = True) -> None:
        """Close the connections. With `inuse_connections`, as at the end of the client, also close those to the sentinels."""
        await super().disconnect(inuse_connections)
        if inuse_connections:
            await self.sentinel_manager.aclose()
