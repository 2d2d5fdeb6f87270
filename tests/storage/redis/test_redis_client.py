"""Every kind of Redis address in every use of the house, on real servers; and a failover under way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from alerts.model.rows.row_states import Timing
from alerts.sending.rate import SharedRate
from alerts.worker.queue import ChunkQueue
from bench.cluster.redis_servers import ACL_USER, QUOTED, Servers, start_watched, tls_before
from bench.ports import unused_port
from bot.runtime.valkey import EmbeddedValkey
from storage.redis.address import SentinelAddress, redis_address
from storage.redis.client import open_redis
from storage.redis.pipeline import RedisPipeline
from storage.redis.shared_counters import shared_counters


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[Servers]:
    started = Servers(tmp_path)
    yield started
    await started.end()


@pytest.fixture(params=["plain", "socket", "tls", "sentinel", "sentinel, the first of them dead"])
async def address(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> AsyncIterator[str]:
    """An address of each kind, with a server there that wants a user and a password (but on the socket)."""
    match request.param:
        case "plain":
            yield f"redis://bot:{QUOTED}@127.0.0.1:{await servers.start(ACL_USER, 'user default off')}/0"
        case "socket":
            with EmbeddedValkey(tmp_path / "a deep place" / ("deep" * 20)) as embedded:
                yield embedded.url
        case "tls":
            async with tls_before(await servers.start(ACL_USER, "user default off"), tmp_path) as url:
                yield url
        case "sentinel":
            yield (await start_watched(servers)).url()
        case _:
            yield (await start_watched(servers)).url(also_dead=unused_port())


async def deliver(ids: list[int]) -> None:
    """Nothing: the test looks at the queue."""


async def every_use(redis: Redis) -> None:
    """Sessions and claims, limits of sign-ins and of sends, the queue."""
    assert await RedisPipeline(redis).send(("SET", "k", "v"), ("GET", "k")) == [b"OK", b"v"]
    limiter, once = FixedWindowRateLimiter(shared_counters(redis)), RateLimitItemPerMinute(1)
    assert [await limiter.hit(once, "tries") for _ in range(2)] == [True, False]
    assert await SharedRate(100, redis).permits(5) == 5
    queue = ChunkQueue(redis, deliver, Timing(claim_s=1))
    await queue.put([1, 2])
    assert await queue.waiting() == 1
    finish = asyncio.Event()
    serving = asyncio.create_task(queue.serve(1, finish))
    async with asyncio.timeout(10):
        while await queue.waiting():  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.02)
    finish.set()
    await serving


async def test_every_use_of_redis_works_by_every_kind_of_address(address: str) -> None:
    redis = open_redis(address)
    await every_use(redis)
    await redis.aclose()


async def test_a_failover_is_over_as_soon_as_the_sentinels_have_a_new_master(servers: Servers) -> None:
    watched = await start_watched(servers)
    redis = open_redis(watched.url())
    pipeline = RedisPipeline(redis, rest_s=0.05)
    await every_use(redis)
    await redis.delete("tries", "alerts:rate")
    await servers.kill(watched.master)
    async with asyncio.timeout(30):
        while True:
            with suppress(RedisError):
                if await pipeline.send(("SET", "after", "v")) == [b"OK"]:
                    break
            await asyncio.sleep(0.05)
    assert redis.connection_pool.master_address == ("127.0.0.1", watched.replica)
    await redis.flushall()
    await every_use(redis)
    await redis.aclose()


async def test_a_wrong_password_is_told_at_once_and_not_shown(servers: Servers) -> None:
    port = await servers.start(ACL_USER, "user default off")
    redis = open_redis(f"redis://bot:wrongone@127.0.0.1:{port}/0")
    with pytest.raises(RedisError) as refused:
        await redis.ping()
    assert "wrongone" not in str(refused.value)
    await redis.aclose()


def test_what_an_address_by_sentinel_says() -> None:
    assert redis_address(
        "redis+sentinel://u:p%40:@[::1]:7,b/svc/2?sentinel_password=s%26"
    ) == SentinelAddress(
        sentinels=(("::1", 7), ("b", 26379)),
        service="svc",
        master="redis://u:p%40:@master/2",
        sign_in={"password": "s&"},
        tls=False,
    )
    encrypted = redis_address("rediss+sentinel://a/svc?ssl_ca_certs=/ca.pem")
    assert isinstance(encrypted, SentinelAddress)
    assert encrypted.tls
    assert encrypted.master == "rediss://master/0?ssl_ca_certs=%2Fca.pem"


@pytest.mark.parametrize(
    "wrong",
    [
        "redis+sentinel://:secret@a",
        "redis+sentinel://:secret@/svc",
        "redis+sentinel://:secret@a:x/svc",
        "redis+sentinel://:secret@a/svc/x",
        "http://:secret@a",
        "redis://:secret@a:port/0",
    ],
)
def test_a_wrong_address_is_refused_without_its_password(wrong: str) -> None:
    with pytest.raises(ValueError) as refused:
        redis_address(wrong)
    assert "secret" not in str(refused.value)
