"""What a web process says while its stores are away or take no writes: readiness, the desk, the API, pages."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from redis.asyncio import Redis
from sqlalchemy import text

from bot.runtime.services import Services, open_services
from bot.runtime.settings import Settings
from bot.runtime.valkey import EmbeddedValkey
from console.access.api_keys import ApiKeys
from console.access.roles import Role

Web = TestClient[Any, Any]


@pytest.fixture
async def services(sqlite_url: str, own_valkey: EmbeddedValkey, tmp_path: Path) -> AsyncIterator[Services]:
    settings = Settings(
        _env_file=None, data_dir=tmp_path / "var", database_url=sqlite_url, redis_url=own_valkey.url
    )
    async with open_services(settings) as opened:
        yield opened


async def no_writes(services: Services) -> None:
    """The database refuses writes, as one does whose files belong to another user after a restore."""
    await services.database.run_in_write_transaction(
        lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON") and None
    )
    async with services.database.read() as session:
        await session.execute(text("PRAGMA query_only=ON"))


async def replica(services: Services) -> None:
    await services.redis.replicaof("127.0.0.1", "1")


async def out_of_memory(services: Services) -> None:
    await services.redis.config_set("maxmemory", 1)


@pytest.mark.parametrize(
    ("spoil", "what", "said"),
    [
        (no_writes, "database", "readonly database"),
        (replica, "redis", "ReadOnlyError"),
        (out_of_memory, "redis", "OutOfMemoryError"),
    ],
)
async def test_readiness_tries_to_write(
    web: Web, services: Services, spoil: Callable[[Services], Awaitable[None]], what: str, said: str
) -> None:
    async with web.get("/readyz") as answer:
        assert answer.status == 200
        assert set((await answer.json()).values()) == {"ok"}
    await spoil(services)
    async with web.get("/readyz") as answer:
        assert answer.status == 503
        assert said in (await answer.json())[what]
    async with web.get("/servez") as answer:  # answers go on: a balancer takes nobody out
        assert answer.status == 200


async def test_without_redis_whoever_asks_gets_a_sentence_and_may_try_again(
    web: Web, services: Services, own_valkey: EmbeddedValkey
) -> None:
    key = await ApiKeys(services.database).create("网站", Role.EDITOR, actor="test")
    own_valkey.kill()
    async with web.get("/api/v1/broadcasts/1", headers={"Authorization": f"Bearer {key}"}) as answer:
        assert answer.status == 503
        assert (await answer.json())["error"]["code"] == "unavailable"
        assert "Retry-After" in answer.headers
    async with web.get("/console/", cookies={"desk": "0123456789abcdef"}) as answer:
        assert answer.status == 503
        assert "暂时不可用" in await answer.text()
    async with web.get("/p/22") as answer:
        assert answer.status == 200


async def test_a_database_that_takes_no_writes_is_told_to_a_program_as_such(
    web: Web, services: Services
) -> None:
    key = await ApiKeys(services.database).create("网站", Role.EDITOR, actor="test")
    await no_writes(services)
    async with web.post(
        "/api/v1/broadcasts",
        json={"title": "公告", "body": "正文", "audience": {"all": True}, "channel": "auto"},
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "1"},
    ) as answer:
        assert answer.status == 503
        assert "请稍后重试" in (await answer.json())["error"]["message"]


async def test_redis_that_comes_back_is_used_again(
    web: Web, services: Services, own_valkey: EmbeddedValkey
) -> None:
    own_valkey.kill()
    async with web.get("/readyz") as answer:
        assert answer.status == 503
    own_valkey.start()
    async with web.get("/readyz") as answer:
        assert answer.status == 200
    assert isinstance(services.redis, Redis)
