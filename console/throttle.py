"""Sign-in attempts, counted per account and per address over all processes."""

import hashlib

from aiohttp import web
from limits import parse
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter

_PER_ACCOUNT = parse("5 per 5 minutes")
_PER_ADDRESS = parse("20 per 5 minutes")


class SignInThrottle:
    """Refuses further tries after 5 failures of an account, or 20 of an address, within 5 minutes."""

    def __init__(self, storage: Storage) -> None:
        self._limiter = MovingWindowRateLimiter(storage)

    async def allows(self, name: str, address: str) -> bool:
        """Whether one more try may be made; asking counts nothing."""
        account = await self._limiter.test(_PER_ACCOUNT, "sign-in", _hidden(name))
        return account and await self._limiter.test(_PER_ADDRESS, "sign-in-from", address)

    async def count_failure(self, name: str, address: str) -> None:
        await self._limiter.hit(_PER_ACCOUNT, "sign-in", _hidden(name))
        await self._limiter.hit(_PER_ADDRESS, "sign-in-from", address)


def _hidden(name: str) -> str:
    # People type passwords into the name field; none must stand in Redis.
    return hashlib.sha256(name.encode()).hexdigest()[:32]


THROTTLE = web.AppKey("throttle", SignInThrottle)
