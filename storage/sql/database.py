"""One database, SQLite or PostgreSQL, opened once a process and handed down."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Executable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from storage import tracing
from storage.sql import postgres, sqlite
from storage.sql.database_errors import DatabaseUnavailableError, translate_driver_errors
from storage.sql.repeat import note_commit, repeat

_RETRY_S, _PAUSE_S = 1.5, 0.1
"""Seconds that a write waits for a database that restarts or fails over, and between its tries; the sender of the message
waits too.
"""
_PATIENCE_S = 25.0
"""Seconds from the begin of an outage for which a message waits for its end: as long as a failover takes."""
_T = TypeVar("_T")


class Database:
    """Reads and writes in short transactions.

    On SQLite a write begins with BEGIN IMMEDIATE, because a read that turns into a write may fail with BUSY_SNAPSHOT;
    the writers of one process wait for each other. Never hold a transaction during a call to another machine.

    Transactions nest within one task: a read inside a `write` belongs to its transaction, an inner `write` is a savepoint.
    So a change and its audit entry are committed together, whichever service makes the change.
    """

    def __init__(self, engine: AsyncEngine, url: str, retry_s: float = _RETRY_S) -> None:
        self.engine = engine
        self.url = url
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writer = asyncio.Lock() if self.is_sqlite else None
        self._thread = sqlite.SqliteThread(engine, writes=True) if self.is_sqlite else None
        self._reading_thread = sqlite.SqliteThread(engine, writes=False) if self.is_sqlite else None
        self._retry_s = retry_s
        self._gave_up_at = -math.inf
        self._writes_fail_since: float | None = None
        self._open: dict[asyncio.Task[Any] | None, AsyncSession] = {}

    @classmethod
    def open(
        cls,
        url: str,
        *,
        pool_size: int = 10,
        statement_s: float | None = postgres.STATEMENT_S,
        retry_s: float = _RETRY_S,
    ) -> "Database":
        """Open `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; it connects on first use.

        Args:
            url: as SQLAlchemy takes it.
            pool_size: the largest number of connections.
            statement_s: seconds after which a statement on PostgreSQL counts as lost. None: there is no limit.
            retry_s: seconds that a write waits for a PostgreSQL that is unavailable.
        """
        address, arguments = (url, {}) if url.startswith("sqlite") else postgres.connecting(url, statement_s)
        engine = create_async_engine(
            address,
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,  # errors are logged, and an openid may be among the parameters
            connect_args=arguments,
        )
        translate_driver_errors(engine.sync_engine)
        if engine.dialect.name == "sqlite":
            sqlite.prepare(engine.sync_engine)
        else:
            postgres.prepare(engine.sync_engine)
        return cls(engine, url, retry_s)

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
            except DatabaseUnavailableError:
                self._note_failed_write()
                raise
            finally:
                del self._open[task]
            note_commit()
            await session.commit()
            self._writes_fail_since = None

    def _outer(self) -> AsyncSession | None:
        """Return the session of the `write` that is open in this task, else None."""
        return self._open.get(asyncio.current_task()) if self._open else None

    async def run_in_write_transaction(
        self, work: Callable[[Connection], _T], *, idempotent: bool = False
    ) -> _T:
        """Run `work` in one writing transaction and return its result; for writes that come hundreds of times a second.

        On SQLite the whole transaction is one job for a thread, where `write` needs four jobs for each statement, and each
        waits for the interpreter. `work` runs in that thread, so it must use only the connection and its own values.
        If the connection dies before the commit, nothing was written, and `work` is run again in a new transaction.

        Args:
            work: gets the connection.
            idempotent: a second run after a commit changes nothing; then `work` is run again also if the commit's answer
                was lost, and the transaction does not keep `repeat_while_away` from running its own work again.
        """
        if self._outer() is not None:
            async with self.write() as session:
                return await (await session.connection()).run_sync(work)
        with tracing.span("database: write"):
            return await self._run_in_write_transaction(work, idempotent=idempotent)

    async def _run_in_write_transaction(self, work: Callable[[Connection], _T], *, idempotent: bool) -> _T:
        if self._thread is not None:
            if not idempotent:
                note_commit()
            async with self._writer or nullcontext():
                return await self._thread.run(work)
        if idempotent:
            return await self._retry_while_unavailable(partial(self._work_committed, work))
        connection, done = await self._retry_while_unavailable(partial(_work_uncommitted, self.engine, work))
        note_commit()
        return await self._commit(connection, done)

    async def _work_committed(self, work: Callable[[Connection], _T]) -> _T:
        return await self._commit(*await _work_uncommitted(self.engine, work))

    async def _commit(self, connection: AsyncConnection, done: _T) -> _T:
        try:
            await connection.commit()
        finally:
            await connection.close()
        self._writes_fail_since = None
        return done

    async def repeat_while_away(self, work: Callable[[], Awaitable[_T]]) -> _T:
        """Run `work`, and again while the database is away and surely nothing was written, for as long as a failover takes.

        In an outage that has lasted longer, `work` is run once.

        Raises:
            DatabaseUnavailableError: the database is unavailable.
        """
        began = time.monotonic()

        def patience() -> float:
            since = began if self._writes_fail_since is None else min(self._writes_fail_since, began)
            return since + _PATIENCE_S - time.monotonic()

        return await repeat(work, patience)

    def _note_failed_write(self) -> None:
        if self._writes_fail_since is None:
            self._writes_fail_since = time.monotonic()

    async def _retry_while_unavailable(self, step: Callable[[], Awaitable[_T]]) -> _T:
        """Take the first step of a transaction; retry for `retry_s` while the database is unavailable.

        If another call gave up less than that ago, this one does not retry. SQLite waits by itself (`busy_timeout`).
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + (self._retry_s if loop.time() - self._gave_up_at > self._retry_s else 0)
        while True:
            try:
                return await step()
            except DatabaseUnavailableError:
                self._note_failed_write()
                if self.is_sqlite or loop.time() >= until:
                    self._gave_up_at = loop.time()
                    raise
            await asyncio.sleep(_PAUSE_S)

    @property
    def in_transaction(self) -> bool:
        """Whether the caller has a writing transaction open, which reads then see too."""
        return self._outer() is not None

    async def run_in_read_transaction(self, work: Callable[[Connection], _T]) -> _T:
        """Run `work` in one reading transaction and return its result; for reads that come several times a second.

        Changes are not committed. On SQLite it waits for no writer, only for other calls of this method.
        """
        outer = self._outer()
        if outer is not None:
            return await (await outer.connection()).run_sync(work)
        with tracing.span("database: read"):
            return await self._run_in_read_transaction(work)

    async def _run_in_read_transaction(self, work: Callable[[Connection], _T]) -> _T:
        if self._reading_thread is not None:
            return await self._reading_thread.run(work)
        try:
            async with self.engine.connect() as connection:
                return await connection.run_sync(work)
        except DatabaseUnavailableError:  # the connection had died since its last use
            async with self.engine.connect() as connection:
                return await connection.run_sync(work)

    async def look(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> tuple[Any, ...]:
        """Return the one row of a SELECT, on PostgreSQL without BEGIN and ROLLBACK around it; for what is polled.

        Inside a `write` of this task it sees what that has changed.
        """
        if self._reading_thread is not None or self._outer() is not None:
            return await self.run_in_read_transaction(partial(_one_row, statement, parameters))
        try:
            return await self._look(statement, parameters)
        except DatabaseUnavailableError:  # the connection had died since its last use
            return await self._look(statement, parameters)

    async def _look(self, statement: Executable, parameters: Mapping[str, Any] | None) -> tuple[Any, ...]:
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            return tuple((await connection.execute(statement, parameters)).one())

    async def close(self) -> None:
        """Close every connection; an open aiosqlite connection would block the end of the process."""
        for thread in (self._thread, self._reading_thread):
            if thread is not None:
                thread.close()
        await self.engine.dispose()


def _one_row(
    statement: Executable, parameters: Mapping[str, Any] | None, connection: Connection
) -> tuple[Any, ...]:
    return tuple(connection.execute(statement, parameters).one())


async def _begin(session: AsyncSession) -> None:
    try:
        connection = await session.connection(execution_options={"begin_immediate": True})
        if connection.dialect.name != "sqlite":  # its BEGIN leaves with the first statement
            await connection.exec_driver_sql("SELECT 1")
    except BaseException:
        await session.rollback()
        raise


async def _work_uncommitted(
    engine: AsyncEngine, work: Callable[[Connection], _T]
) -> tuple[AsyncConnection, _T]:
    """Return a connection on which `work` has run, not committed yet, and the result of `work`."""
    connection = await engine.connect()
    try:
        return connection, await connection.run_sync(work)
    except BaseException:
        await connection.close()
        raise
