"""The way to Redis: one address, plain, with TLS or through Sentinel."""

from urllib.parse import unquote, urlsplit

from redis.asyncio import Redis
from redis.asyncio.sentinel import Sentinel

_TIMEOUT_S = 1.0
_SENTINEL_PORT = 26379


def open_redis(url: str) -> Redis:
    """Open a client; it connects on first use and again after a break.

    Args:
        url: `redis://`, `rediss://`, `unix://`, or
            `redis+sentinel://[user:password@]host[:port][,host[:port]…]/service[/db]`.

    Raises:
        ValueError: the address is none of these; the message does not hold the password.
    """
    if url.startswith("redis+sentinel://"):
        return _through_sentinel(url)
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("a Redis address begins with redis://, rediss://, unix:// or redis+sentinel://")
    return Redis.from_url(url, socket_connect_timeout=_TIMEOUT_S, socket_timeout=_TIMEOUT_S)


def _through_sentinel(url: str) -> Redis:
    parts = urlsplit(url)
    hosts = parts.netloc.rpartition("@")[2].split(",")
    service, _, number = parts.path.strip("/").partition("/")
    if not service or not all(hosts):
        raise ValueError("a Sentinel address is redis+sentinel://host:port,host:port/service/db")
    addresses = [(host.partition(":")[0], int(host.partition(":")[2] or _SENTINEL_PORT)) for host in hosts]
    # redis-py's Sentinel has no types
    sentinel = Sentinel(addresses, socket_timeout=_TIMEOUT_S)  # type: ignore[no-untyped-call]
    master: Redis = sentinel.master_for(
        service,
        db=int(number or 0),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        socket_timeout=_TIMEOUT_S,
    )
    return master
