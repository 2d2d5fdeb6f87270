"""A worker and a scheduler tell of themselves on a port of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.ports import unused_port
from tests.bot.roles.answers import until
from tests.conftest import WITHOUT_MODEL
from tests.kit.commands.forked_cli import start_policybot


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
