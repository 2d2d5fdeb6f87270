"""The shared rate, and what a clock that was set back does to it."""

import asyncio

from redis.asyncio import Redis

from alerts.sending.rate import SharedRate


async def test_a_full_window_from_before_the_clock_was_set_back_holds_nobody_up(redis_client: Redis) -> None:
    rate = SharedRate(20, redis_client)
    for _ in range(10):
        await rate.permits(2)
    keys = await redis_client.keys("*")
    assert keys
    for key in keys:
        await redis_client.expire(key, 120)  # what a window of a second has left, two minutes back
    async with asyncio.timeout(20):
        assert await rate.permits(2) == 2


async def test_no_more_than_the_rate_leaves(redis_client: Redis) -> None:
    rates = [SharedRate(20, redis_client) for _ in range(3)]
    loop = asyncio.get_running_loop()
    began, left = loop.time(), 0
    while left < 30:
        left += sum(await asyncio.gather(*(rate.permits(2) for rate in rates)))
    assert left / 20 - 1 <= loop.time() - began
