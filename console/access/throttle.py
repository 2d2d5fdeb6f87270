"""Tries of a password or one-time code, counted over all processes before anything is compared.

A try is counted before it is compared, so parallel tries cannot exceed a limit. A right try is given back. The limit
per account alone is loose: a stranger elsewhere must not lock the owner out.
"""

import hashlib
from ipaddress import ip_address, ip_network

from aiohttp import web
from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

_ACCOUNT_FROM_ADDRESS = parse("5 per 5 minutes")
_ADDRESS = parse("20 per 5 minutes")
_ACCOUNT = parse("100 per hour")
_IPV6_NETWORK = 64
"""Bits of an IPv6 address that one subscriber shares; the rest they choose as they like (RFC 6177)."""


class SignInThrottle:
    """Refuses tries beyond 5 of an account from an address, 20 of an address (5 minutes) and 100 of an account (1 hour)."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._limiter = FixedWindowRateLimiter(storage)

    async def take(self, name: str, address: str) -> bool:
        """Count a try. Return False if a limit is reached; such a try is not counted."""
        taken: list[tuple[RateLimitItem, str]] = []
        for limit, whose in _counted(name, address):
            taken.append((limit, whose))
            if not await self._limiter.hit(limit, "sign-in", whose):
                await self._release(taken)
                return False
        return True

    async def give_back(self, name: str, address: str) -> None:
        """Take back a try that was right."""
        await self._release(_counted(name, address))

    async def _release(self, taken: list[tuple[RateLimitItem, str]]) -> None:
        for limit, whose in taken:
            await self._storage.incr(limit.key_for("sign-in", whose), limit.get_expiry(), amount=-1)


def _counted(name: str, address: str) -> list[tuple[RateLimitItem, str]]:
    # People type passwords into the name field: none must stand in Redis.
    account = hashlib.sha256(name.encode()).hexdigest()[:32]
    origin = _network(address)
    return [(_ACCOUNT_FROM_ADDRESS, f"{account}@{origin}"), (_ADDRESS, origin), (_ACCOUNT, account)]


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, _IPV6_NETWORK), strict=False)) if parsed.version == 6 else address


THROTTLE = web.AppKey("throttle", SignInThrottle)
