"""The limit on messages a second that all workers share (`BOT_WECHAT_RATE_PER_S`)."""

import asyncio
from fractions import Fraction

import structlog
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from storage.redis.shared_counters import shared_counters
from storage.tasks.outage_log import OutageLog

_KEY = "alerts:rate"
_LONGEST_WINDOW_S = 60
_ALONE = 4
"""While Redis is away, each worker keeps to a fourth of the rate, because it cannot see how many others send."""
_log = structlog.get_logger(__name__)


class SharedRate:
    """Gives permits to send. Workers on one Redis share them.

    Args:
        rate_per_s: sends a second over all workers; 0: no limit.
        redis: keeps the count. Whoever opened the client closes it.
    """

    def __init__(self, rate_per_s: float, redis: Redis) -> None:
        self._rate = rate_per_s
        self._item = _item(rate_per_s)
        self._outage = OutageLog(
            "worker.rate_not_shared", "each worker keeps to a fourth of the rate meanwhile"
        )
        self._counters = shared_counters(redis)
        self._limiter = SlidingWindowCounterRateLimiter(self._counters)

    async def permits(self, wanted: int) -> int:
        """Wait until at least one message may leave. The result is how many may, `wanted` at most."""
        if self._item is None:
            return wanted
        batch = max(1, min(wanted, self._item.amount // 10))  # a tenth of a second's worth at a time
        pause = min(max(self._item.get_expiry() / self._item.amount * batch / 2, 0.005), 1.0)
        loop = asyncio.get_running_loop()
        look_at = loop.time() + 2 * self._item.get_expiry()
        while True:
            try:
                permitted = await self._limiter.hit(self._item, _KEY, cost=batch)
                self._outage.recovered()
                if permitted:
                    return batch
                if loop.time() >= look_at:
                    look_at = loop.time() + 2 * self._item.get_expiry()
                    await self._forget_a_window_of_another_time(self._item)
            except (RedisError, OSError) as error:
                self._outage.failed(error)
                await asyncio.sleep(_ALONE / self._rate)
                return 1
            await asyncio.sleep(pause)

    async def _forget_a_window_of_another_time(self, item: RateLimitItem) -> None:
        """Redis counts lifetimes by its wall clock: one that is set back two minutes lets a full window of a
        second last as long.
        """
        length = item.get_expiry()
        _, before, _, now = await self._counters.get_sliding_window(item.key_for(_KEY), length)
        if max(before, now) > 2 * length:
            _log.warning(
                "worker.rate_window_outlived", seconds=round(max(before, now)), remedy="was a clock set back?"
            )
            await self._limiter.clear(item, _KEY)


def _item(rate_per_s: float) -> RateLimitItem | None:
    """Return a rate as (amount, seconds), so that half a message a second is one in two seconds."""
    if rate_per_s <= 0:
        return None
    share = Fraction(rate_per_s).limit_denominator(_LONGEST_WINDOW_S)
    if share == 0:
        return RateLimitItemPerSecond(1, _LONGEST_WINDOW_S)
    return RateLimitItemPerSecond(share.numerator, share.denominator)
