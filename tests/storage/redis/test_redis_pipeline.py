import asyncio

import pytest
import redis.asyncio
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from structlog.testing import capture_logs

from storage.redis.client import open_redis
from storage.redis.pipeline import RedisPipeline


async def reads_seen(client: Redis) -> int:
    return int((await client.info("stats"))["total_reads_processed"])


async def test_commands_of_one_turn_leave_together_and_each_caller_gets_its_own(redis_client: Redis) -> None:
    pipeline = RedisPipeline(redis_client)
    await pipeline.send(("PING",))
    before = await reads_seen(redis_client)

    async def visit(number: int) -> list[object]:
        return await pipeline.send(("SET", f"k{number}", number), ("GET", f"k{number}"))

    answers = await asyncio.gather(*(visit(number) for number in range(200)))

    assert answers == [[b"OK", str(number).encode()] for number in range(200)]
    assert await reads_seen(redis_client) - before < 10


async def test_a_refused_command_fails_its_own_caller_only(redis_client: Redis) -> None:
    pipeline = RedisPipeline(redis_client)
    wrong, right = pipeline.send(("SET", "k", "v"), ("LPUSH", "k", "x")), pipeline.send(("GET", "k"))

    with pytest.raises(ResponseError):
        await wrong
    assert await right == [b"v"]


async def test_what_nobody_waits_for_is_done_in_order_and_its_refusal_is_logged(redis_client: Redis) -> None:
    pipeline = RedisPipeline(redis_client)
    with capture_logs() as logs:
        pipeline.post(("SET", "k", "first"))
        pipeline.post(("SET", "k", "second"))
        pipeline.post(("LPUSH", "k", "x"))
        await pipeline.flush()

    assert await redis_client.get("k") == b"second"
    assert [entry["event"] for entry in logs] == ["redis.refused"]


async def test_a_caller_that_gave_up_harms_nobody(redis_client: Redis) -> None:
    pipeline = RedisPipeline(redis_client)
    given_up, kept = pipeline.send(("PING",)), pipeline.send(("PING",))
    given_up.cancel()

    assert await kept == [b"PONG"]


async def test_while_redis_is_away_commands_fail_at_once(unused_tcp_port: int) -> None:
    away = open_redis(f"redis://127.0.0.1:{unused_tcp_port}")
    pipeline = RedisPipeline(away, rest_s=60)
    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(RedisError):
                await pipeline.send(("PING",))
        pipeline.post(("PING",))
        await pipeline.flush()

    assert pipeline.lost
    assert [entry["event"] for entry in logs] == ["redis.lost"]
    await away.aclose()


async def test_a_connection_that_was_cut_is_made_anew(redis_client: Redis, redis_url: str) -> None:
    pipeline = RedisPipeline(redis_client, rest_s=0)
    await pipeline.send(("PING",))
    other = redis.asyncio.Redis.from_url(redis_url)
    await other.client_kill_filter(_type="normal", skipme=True)
    await other.aclose()

    for _ in range(2):  # the cut shows on the first, the second looks whether Redis is back
        await asyncio.gather(pipeline.send(("PING",)), return_exceptions=True)
        await pipeline.flush()

    assert await pipeline.send(("PING",)) == [b"PONG"]


async def test_a_connection_cut_while_idle_fails_nobody(redis_client: Redis, redis_url: str) -> None:
    pipeline = RedisPipeline(redis_client)
    await pipeline.send(("PING",))
    other = redis.asyncio.Redis.from_url(redis_url)
    await other.client_kill_filter(_type="normal", skipme=True)
    await other.aclose()
    await asyncio.sleep(0.1)

    assert await pipeline.send(("PING",)) == [b"PONG"]
    assert not pipeline.lost


async def test_a_server_that_turned_replica_is_left(redis_client: Redis) -> None:
    pipeline = RedisPipeline(redis_client, rest_s=0)
    with pytest.raises(RedisError):
        await pipeline.send(("EVAL", "return redis.error_reply('READONLY a replica')", 0))
    assert pipeline.lost
    await pipeline.flush()


async def test_a_server_that_falls_silent_is_given_up_and_found_again(redis_client: Redis) -> None:
    pipeline = RedisPipeline(redis_client, timeout_s=0.1, rest_s=0)
    await pipeline.send(("PING",))
    await redis_client.client_pause(400)

    with pytest.raises(RedisError):
        await pipeline.send(("PING",))
    assert pipeline.lost

    async with asyncio.timeout(10):
        while pipeline.lost:
            with pytest.raises(RedisError):  # fails at once, and looks beside it
                await pipeline.send(("PING",))
            await pipeline.flush()
    assert await pipeline.send(("PING",)) == [b"PONG"]
