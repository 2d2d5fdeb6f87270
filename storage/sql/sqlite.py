"""SQLite: how a connection is prepared, and a thread that runs whole transactions."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import AdaptedConnection, Connection, Engine, create_engine, event
from sqlalchemy.exc import ResourceClosedError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.sql.database_errors import translate_driver_errors

_BUSY_S = 10.0
"""How long a transaction waits for a locked file, if the address has no `timeout`."""
_WAL_S, _AGAIN_S = 5.0, 0.02
_T = TypeVar("_T")


class SqliteThread:
    """A SQLite connection with a thread of its own."""

    def __init__(self, engine: AsyncEngine, *, writes: bool) -> None:
        self._engine = create_engine(engine.url.set(drivername="sqlite"), hide_parameters=True)
        translate_driver_errors(self._engine)
        prepare(self._engine)
        immediate = self._engine.execution_options(begin_immediate=True)
        self._begin = immediate.begin if writes else self._engine.connect
        self._thread = ThreadPoolExecutor(1, "sqlite")

    async def run(self, work: Callable[[Connection], _T]) -> _T:
        """Run `work` in one transaction of this thread.

        Raises:
            ResourceClosedError: the thread has been closed.
        """
        try:
            done = asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)
        except RuntimeError:  # the executor has been shut down
            raise ResourceClosedError("the database is closed") from None
        return await done

    def _transact(self, work: Callable[[Connection], _T]) -> _T:
        with self._begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Wait for the transaction under way, and close the connection."""
        self._thread.shutdown()
        self._engine.dispose()


def prepare(engine: Engine) -> None:
    """Set the pragmas of each connection, and let transactions begin as they ask to."""
    busy_s = float(str(engine.url.query.get("timeout", _BUSY_S)))

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: on_begin decides how they start.
        connection.isolation_level = None
        cursor = connection.cursor()
        _use_wal(connection, cursor, min(busy_s, _WAL_S))
        for pragma in (
            "foreign_keys=ON",
            f"busy_timeout={busy_s * 1000:.0f}",
            "synchronous=FULL",  # NORMAL can forget a begun try at power loss
            "secure_delete=ON",  # erased personal data must not stay in free pages
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("begin_immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _use_wal(connection: Any, cursor: Any, patience_s: float) -> None:
    """Switch a new file to WAL. SQLite does not wait while another process does the same, so this tries again."""
    until = time.monotonic() + patience_s
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            if isinstance(connection, AdaptedConnection):  # aiosqlite's: the event loop must go on
                connection.run_async(lambda _driver: asyncio.sleep(_AGAIN_S))
            else:
                time.sleep(_AGAIN_S)
        else:
            return
