"""A worker and a scheduler tell of themselves on a port of their own; `up` tells of its worker too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from tests.conftest import WITHOUT_MODEL
from tests.forked import start_policybot


@asynccontextmanager
async def role(folder: Path, *words: str, **settings: str) -> AsyncIterator[None]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(WITHOUT_MODEL),
        "BOT_DATA_DIR": str(folder / "var"),
    }
    process = start_policybot(folder, *words, environment=environment | settings)
    try:
        yield
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)


async def until(url: str, holds: str) -> tuple[int, str]:
    """The first answer that has these words."""
    async with asyncio.timeout(60), aiohttp.ClientSession() as http:
        while True:
            with suppress(aiohttp.ClientError):
                async with http.get(url) as answer:
                    text = await answer.text()
                    if holds in text:
                        return answer.status, text
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("name", "metric"),
    [("worker", "policybot_deliveries_oldest_due_seconds"), ("scheduler", "policybot_alerts_due_total")],
)
async def test_a_role_without_pages_has_health_and_metrics(
    tmp_path: Path, redis_url: str, sqlite_url: str, name: str, metric: str
) -> None:
    port = unused_port()
    stores = {"BOT_REDIS_URL": redis_url, "BOT_DATABASE_URL": sqlite_url}
    async with role(tmp_path, name, "--status-port", str(port), **stores):
        origin = f"http://127.0.0.1:{port}"
        assert await until(f"{origin}/healthz", "ok") == (200, "ok\n")
        assert (await until(f"{origin}/readyz", "database"))[0] == 200
        await until(f"{origin}/metrics", f"# TYPE {metric.removesuffix('_total')}")
        await until(f"{origin}/metrics", 'policybot_store_up{store="database"} 1.0')


async def test_the_status_server_of_up_shows_its_worker_too(tmp_path: Path) -> None:
    port = unused_port()
    async with role(tmp_path, "up", BOT_PORT=str(port)):
        _, told = await until(f"http://127.0.0.1:{port}/metrics", "policybot_deliveries_open ")
    assert told.count("# TYPE policybot_event_loop_lag_seconds ") == 1
    assert "policybot_callback_seconds" in told
