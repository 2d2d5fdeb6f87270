"""One database, SQLite or PostgreSQL, opened once a process and handed down."""

import asyncio
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import AdaptedConnection, Connection, Engine, create_engine, event
from sqlalchemy.exc import ResourceClosedError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from storage.sql.database_errors import DatabaseUnavailableError, translate_driver_errors

_BUSY_TIMEOUT_MS = 10_000
_CONNECT_S = 3.0
"""asyncpg would wait a minute for a machine that is gone."""
_RETRY_S, _PAUSE_S = 1.5, 0.1
"""Seconds that a write waits for a database that restarts or fails over; the sender of the message waits too."""
_WAL_S, _AGAIN_S = 5.0, 0.02
_T = TypeVar("_T")


class Database:
    """Reads and writes in short transactions.

    On SQLite a write begins with BEGIN IMMEDIATE, because a read that turns into a write may fail with BUSY_SNAPSHOT;
    the writers of one process wait for each other. Never hold a transaction during a call to another machine.

    Transactions nest within one task: a read inside a `write` belongs to its transaction, an inner `write` is a savepoint.
    So a change and its audit entry are committed together, whichever service makes the change.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writer = asyncio.Lock() if self.is_sqlite else None
        self._thread = _SqliteThread(engine, writes=True) if self.is_sqlite else None
        self._reading_thread = _SqliteThread(engine, writes=False) if self.is_sqlite else None
        self._gave_up_at = -math.inf
        self._open: dict[asyncio.Task[Any] | None, AsyncSession] = {}

    @classmethod
    def open(cls, url: str, *, pool_size: int = 10) -> "Database":
        """Open `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; it connects on first use.

        Args:
            url: as SQLAlchemy takes it.
            pool_size: the largest number of connections.
        """
        engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=not url.startswith("sqlite"),
            hide_parameters=True,  # errors are logged, and an openid may be among the parameters
            connect_args={} if url.startswith("sqlite") else {"timeout": _CONNECT_S},
        )
        translate_driver_errors(engine.sync_engine)
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine.sync_engine)
        return cls(engine)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; its changes are not committed, unless it stands inside a `write` of this task."""
        outer = self._outer()
        if outer is not None:
            yield outer
            return
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are committed at the end of the block, or rolled back on an error.

        Inside another `write` of the same task it is the same session, and an error rolls back to the beginning of the
        inner block only.

        Raises:
            DatabaseUnavailableError: the database is unavailable.
        """
        outer = self._outer()
        if outer is not None:
            async with outer.begin_nested():
                yield outer
            return
        async with (
            self._writer or nullcontext(),
            AsyncSession(self.engine, expire_on_commit=False) as session,
        ):
            await self._retry_while_unavailable(partial(_begin, session))
            task = asyncio.current_task()
            self._open[task] = session
            try:
                yield session
            finally:
                del self._open[task]
            await session.commit()

    def _outer(self) -> AsyncSession | None:
        """The session of the `write` that is open in this task, else None."""
        return self._open.get(asyncio.current_task()) if self._open else None

    async def run_in_write_transaction(self, work: Callable[[Connection], _T]) -> _T:
        """Run `work` in one writing transaction and return its result; for writes that come hundreds of times a second.

        On SQLite the whole transaction is one job for a thread, where `write` needs four jobs for each statement, and each
        waits for the interpreter. `work` runs in that thread, so it must use only the connection and its own values.
        If the connection dies before the commit, nothing was written, and `work` is run again in a new transaction.
        """
        if self._outer() is not None:
            async with self.write() as session:
                return await (await session.connection()).run_sync(work)
        if self._thread is None:
            connection, done = await self._retry_while_unavailable(
                partial(_work_uncommitted, self.engine, work)
            )
            try:
                await connection.commit()
            finally:
                await connection.close()
            return done
        async with self._writer or nullcontext():
            return await self._thread.run(work)

    async def _retry_while_unavailable(self, step: Callable[[], Awaitable[_T]]) -> _T:
        """Take the first step of a transaction; retry for 1.5 s while the database is unavailable.

        If another call gave up less than 1.5 s ago, this one does not retry. SQLite waits by itself (`busy_timeout`).
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (_RETRY_S if loop.time() - self._gave_up_at > _RETRY_S else 0)
        while True:
            try:
                return await step()
            except DatabaseUnavailableError:
                if self.is_sqlite or loop.time() >= until:
                    self._gave_up_at = loop.time()
                    raise
            await asyncio.sleep(_PAUSE_S)

    async def run_in_read_transaction(self, work: Callable[[Connection], _T]) -> _T:
        """Run `work` in one reading transaction and return its result; for reads that come several times a second.

        Changes are not committed. On SQLite it waits for no writer, only for other calls of this method.
        """
        outer = self._outer()
        if outer is not None:
            return await (await outer.connection()).run_sync(work)
        if self._reading_thread is None:
            async with self.engine.connect() as connection:
                return await connection.run_sync(work)
        return await self._reading_thread.run(work)

    async def close(self) -> None:
        """Close every connection; an open aiosqlite connection would block the end of the process."""
        for thread in (self._thread, self._reading_thread):
            if thread is not None:
                thread.close()
        await self.engine.dispose()


async def _begin(session: AsyncSession) -> None:
    try:
        await session.connection(execution_options={"begin_immediate": True})
    except BaseException:
        await session.rollback()
        raise


async def _work_uncommitted(
    engine: AsyncEngine, work: Callable[[Connection], _T]
) -> tuple[AsyncConnection, _T]:
    """A connection on which `work` has run, not committed yet, and the result of `work`."""
    connection = await engine.connect()
    try:
        return connection, await connection.run_sync(work)
    except BaseException:
        await connection.close()
        raise


class _SqliteThread:
    """A SQLite connection with a thread of its own."""

    def __init__(self, engine: AsyncEngine, *, writes: bool) -> None:
        self._engine = create_engine(engine.url.set(drivername="sqlite"), hide_parameters=True)
        translate_driver_errors(self._engine)
        _prepare_sqlite(self._engine)
        immediate = self._engine.execution_options(begin_immediate=True)
        self._begin = immediate.begin if writes else self._engine.connect
        self._thread = ThreadPoolExecutor(1, "sqlite")

    async def run(self, work: Callable[[Connection], _T]) -> _T:
        try:
            done = asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)
        except RuntimeError:  # the executor has been shut down
            raise ResourceClosedError("the database is closed") from None
        return await done

    def _transact(self, work: Callable[[Connection], _T]) -> _T:
        with self._begin() as connection:
            return work(connection)

    def close(self) -> None:
        self._thread.shutdown()
        self._engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: on_begin decides how they start.
        connection.isolation_level = None
        cursor = connection.cursor()
        _use_wal(connection, cursor)
        for pragma in (
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "synchronous=FULL",  # NORMAL can forget a begun try at power loss
            "secure_delete=ON",  # erased personal data must not stay in free pages
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("begin_immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _use_wal(connection: Any, cursor: Any) -> None:
    """Switch a new file to WAL. SQLite does not wait while another process does the same, so this retries for 5 s."""
    until = time.monotonic() + _WAL_S
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
