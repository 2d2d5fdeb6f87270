"""Real parts for all tests: an embedded Valkey, a SQLite file and a PostgreSQL server of each run's own."""

import gc
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis.asyncio
import structlog

from bench.ports import unused_port
from bot.runtime.valkey import EmbeddedValkey
from storage.sql.database import Database
from tests.kit.caches.compiled_patterns import keep_patterns
from tests.kit.caches.compiled_statements import compile_statements_once
from tests.kit.caches.compiled_templates import compile_once
from tests.kit.caches.disk_cache import LIBRARY, SCHEMA, kept
from tests.kit.caches.once_a_run import alone, once_a_run
from tests.kit.interrupts import take_interrupts
from tests.kit.open_folders import open_to_all
from tests.kit.recorded_statements import record_statements

if TYPE_CHECKING:
    from pyreqwest.client import Client

    from tests.kit.commands.command_line import Policybot
    from tests.kit.postgres import Databases
    from tests.kit.reader_forks import ReadingForks

WITHOUT_MODEL = Path(__file__).parent / "without_model"
sys.path.insert(0, str(WITHOUT_MODEL))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(WITHOUT_MODEL), os.environ.get("PYTHONPATH"))))
"""Nothing of the tests reads the clauses by meaning, no process they start either: it takes each some twenty seconds.

`tests/policies/meanings` takes this away.
"""


compile_once()
compile_statements_once()
record_statements()
take_interrupts()
gc.set_threshold(10_000, 50, 20)
"""Tests make many objects, and few of them need the collector: with its own thresholds it takes a tenth of the time."""


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end; no collection walks over it."""
    keep_patterns()
    gc.freeze()
    gc.enable()


_PROCESSORS = [
    *structlog.get_config()["processors"][:-1],
    structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
]
"""Of a process that has not set up its logs: rich would draw each error with all variables, which takes half a second."""
structlog.configure(processors=_PROCESSORS)


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command run inside a test sets up logs for its whole process; the next test has them as before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    structlog.configure(processors=_PROCESSORS)
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
def unused_tcp_port_factory() -> Callable[[], int]:
    """In place of pytest-asyncio's: a port that the system chooses may be another process's before a server takes it."""
    return unused_port


@pytest.fixture
def unused_tcp_port() -> int:
    return unused_port()


@pytest.fixture(scope="session")
def http_client() -> "Client":
    """A client of the WeChat API that all tests of a worker share: to read the system's certificates takes a while."""
    from wechat.api.transport import open_http_client

    return open_http_client()


@pytest.fixture(scope="session")
def sqlite_template_file() -> Path:
    """A migrated SQLite file."""

    def make(folder: Path) -> None:
        from bot.schema.migrate import upgrade

        upgrade(f"sqlite+aiosqlite:///{folder / 'template.db'}")

    return kept("sqlite", SCHEMA, make) / "template.db"


@pytest.fixture(scope="session")
def seeded_sqlite_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template_file: Path) -> Path:
    """One that holds the library we come with, since today."""

    def make(folder: Path) -> None:
        from storage.clock import system_clock
        from tests.kit.seeded_databases import seed

        shutil.copy(sqlite_template_file, folder / "template.db")
        seed(f"sqlite+aiosqlite:///{folder / 'template.db'}", system_clock)

    return once_a_run(tmp_path_factory, "seeded", make) / "template.db"


@pytest.fixture(scope="session")
def library_sqlite_template(sqlite_template_file: Path) -> Path:
    """One that holds it since `tests.kit.seeded_databases.SEEDED_AT`."""

    def make(folder: Path) -> None:
        from tests.kit.seeded_databases import seed

        shutil.copy(sqlite_template_file, folder / "template.db")
        seed(f"sqlite+aiosqlite:///{folder / 'template.db'}")

    return kept("library", LIBRARY, make) / "template.db"


@pytest.fixture
def holds_library() -> bool:
    """Whether the databases of a test hold the library since `tests.kit.seeded_databases.SEEDED_AT`; a room may say so."""
    return False


@pytest.fixture(scope="session")
def sqlite_template(sqlite_template_file: Path) -> Path:
    """What the SQLite databases of a room's tests are copies of; a room may take `seeded_sqlite_template`."""
    return sqlite_template_file


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Databases"]:
    """The databases of a PostgreSQL server that all workers share."""
    from tests.kit.postgres import Databases, start_server

    with alone(tmp_path_factory, "postgres") as folder:
        server = start_server(folder)
        databases = Databases(server)
    yield databases
    databases.close()
    with alone(
        tmp_path_factory, "postgres"
    ):  # where no other worker is connected, the server and its folder go
        server.cleanup()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder for a server that is another user."""
    with open_to_all() as folder:
        yield folder


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path, holds_library: bool) -> str:
    template = request.getfixturevalue("library_sqlite_template" if holds_library else "sqlite_template")
    shutil.copy(template, tmp_path / "policybot.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'policybot.db'}"


@pytest.fixture
def postgres_url(postgres: "Databases", holds_library: bool) -> Iterator[str]:
    name = postgres.lend(holds_library=holds_library)
    yield postgres.url(name)
    postgres.take_back(name)


@pytest.fixture
def empty_postgres_url(postgres: "Databases") -> Iterator[str]:
    """A database without a schema."""
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


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


@pytest.fixture
def policybot(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Policybot":
    """Types a command of `policybot` in an empty folder, on a migrated database."""
    from tests.kit.commands.command_line import type_command

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    return type_command


@pytest.fixture(scope="session")
def reading_forks() -> Iterator["ReadingForks"]:
    """Where files are read in forks of one process."""
    from tests.kit.reader_forks import ReadingForks

    with ReadingForks() as forks:
        yield forks


@pytest.fixture
def kept_readings(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, reading_forks: "ReadingForks"
) -> None:
    """A file that a child has read for another test is not read again."""
    from tests.kit.caches.child_answers import keep_answers

    keep_answers(monkeypatch, once_a_run(tmp_path_factory, "answers", lambda _: None), reading_forks)
