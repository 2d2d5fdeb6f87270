"""A claim on a push stays its owner's, also where redis-py had to send it twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.webhook.idempotency import Claims
from storage.redis.client import open_redis
from storage.redis.pipeline import RedisPipeline


@pytest.fixture
async def cut_once(redis_client: Redis) -> AsyncIterator[str]:
    """An address of Redis that swallows the first answer to a claim, and the connection with it."""
    path = redis_client.connection_pool.connection_kwargs["path"]
    cut = False

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal cut
        from_redis, to_redis = await asyncio.open_unix_connection(path)
        while asked := await reader.read(65536):
            to_redis.write(asked)
            answer = await from_redis.read(65536)
            if b"NX" in asked and not cut:
                cut = True
                break
            writer.write(answer)
        to_redis.close()
        writer.close()

    server = await asyncio.start_server(forward, "127.0.0.1")
    yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    assert cut
    server.close()


async def test_a_claim_whose_answer_was_lost_is_still_the_callers(cut_once: str) -> None:
    redis = open_redis(cut_once)
    async with asyncio.timeout(3):
        claim = await Claims(RedisPipeline(redis)).claim("wx:dedup:push", "wx:session", "wx:late")
    assert claim.mine
    await redis.aclose()


async def test_a_second_caller_gets_the_first_ones_answer(redis_client: Redis) -> None:
    claims = Claims(RedisPipeline(redis_client))
    assert (await claims.claim("wx:dedup:push", "wx:session", "wx:late")).mine
    second = asyncio.create_task(claims.claim("wx:dedup:push", "wx:session", "wx:late"))
    await asyncio.sleep(0)
    claims.settle("wx:dedup:push", None)
    assert not (await second).mine
