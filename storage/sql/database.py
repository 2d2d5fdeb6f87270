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
_PATIENCE_S, _PAUSE_S = 1.5, 0.1
"""How long a write waits for a database that restarts or fails over; whoever sent the message waits with it."""
_WAL_S, _AGAIN_S = 5.0, 0.02
_T = TypeVar("_T")


class Database:
    """Reads and writes in short transactions.

    On SQLite a write begins IMMEDIATE (a read that turns into a write fails at once with
    BUSY_SNAPSHOT otherwise) and writers of one process wait for each other in turn.
    Never hold a transaction across a call to another machine.

    Transactions nest: what a task reads or writes inside its own `write` belongs to that transaction, an inner
    write as a savepoint. So a change and its audit entry are kept together, whichever service makes the change.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writer = asyncio.Lock() if self.is_sqlite else None
        self._thread = _OwnThread(engine, writes=True) if self.is_sqlite else None
        self._reading_thread = _OwnThread(engine, writes=False) if self.is_sqlite else None
        self._gave_up_at = -math.inf
        self._open: dict[asyncio.Task[Any] | None, AsyncSession] = {}

    @classmethod
    def open(cls, url: str, *, pool_size: int = 10) -> "Database":
        """Open `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; connects on first use."""
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
        """A session for reading; nothing it changes is kept, unless a `write` of this task is open around it."""
        outer = self._outer()
        if outer is not None:
            yield outer
            return
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are committed at the end, or rolled back on an error.

        Inside another `write` of the same task it is that one's session, and an error takes back only what
        was done since.
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
            await self._patiently(partial(_begin, session))
            task = asyncio.current_task()
            self._open[task] = session
            try:
                yield session
            finally:
                del self._open[task]
            await session.commit()

    def _outer(self) -> AsyncSession | None:
        """The session of the `write` that this task is inside of."""
        return self._open.get(asyncio.current_task()) if self._open else None

    async def run_in_write_transaction(self, work: Callable[[Connection], _T]) -> _T:
        """Run a writing transaction whole, for what is written hundreds of times a second; what `work` gives.

        On SQLite it is one trip to a thread, where `write` makes four a statement, and a thread that asks for
        the interpreter waits for it each time. There `work` runs in that thread: it must touch nothing but the
        connection and values of its own. A transaction that met a dead connection before its commit has left
        nothing behind: `work` is run again in a new one.
        """
        if self._outer() is not None:
            async with self.write() as session:
                return await (await session.connection()).run_sync(work)
        if self._thread is None:
            connection, done = await self._patiently(partial(_worked, self.engine, work))
            try:
                await connection.commit()
            finally:
                await connection.close()
            return done
        async with self._writer or nullcontext():
            return await self._thread.run(work)

    async def _patiently(self, step: Callable[[], Awaitable[_T]]) -> _T:
        """Take the first step of a transaction, again while the database is away, for 1.5 s at most.

        Where the last one waited in vain a moment ago, nobody waits. SQLite has waited by itself (`busy_timeout`).
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (_PATIENCE_S if loop.time() - self._gave_up_at > _PATIENCE_S else 0)
        while True:
            try:
                return await step()
            except DatabaseUnavailableError:
                if self.is_sqlite or loop.time() >= until:
                    self._gave_up_at = loop.time()
                    raise
            await asyncio.sleep(_PAUSE_S)

    async def run_in_read_transaction(self, work: Callable[[Connection], _T]) -> _T:
        """Run a short reading transaction whole, for what is asked several times a second; what `work` gives.

        Nothing it changes is kept. It waits for no writer, only for other readings of this kind.
        """
        outer = self._outer()
        if outer is not None:
            return await (await outer.connection()).run_sync(work)
        if self._reading_thread is None:
            async with self.engine.connect() as connection:
                return await connection.run_sync(work)
        return await self._reading_thread.run(work)

    async def close(self) -> None:
        """Close every connection; an unclosed aiosqlite connection would hang the exit."""
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


async def _worked(engine: AsyncEngine, work: Callable[[Connection], _T]) -> tuple[AsyncConnection, _T]:
    """A transaction in which `work` was done, still to be committed."""
    connection = await engine.connect()
    try:
        return connection, await connection.run_sync(work)
    except BaseException:
        await connection.close()
        raise


class _OwnThread:
    """A SQLite connection in a thread of its own."""

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
    """Turn a new file to WAL; SQLite does not wait by itself for another process that does so this moment."""
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
