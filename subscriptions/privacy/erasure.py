"""Erasure of a person: their rows, the remains of these rows in the files, and their keys in Redis.

Only `members` contains the openid. All other rows of a member refer to this row and are deleted with it.
SQLite overwrites deleted bytes (secure_delete), but older copies stay in the write-ahead log, and a rebuilt page
may keep the bytes of a moved cell. So the log is truncated and the files are searched. The database file is
rewritten (VACUUM) only if the openid is found. On PostgreSQL, dead rows are vacuumed.
"""

import asyncio
import mmap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import String, cast, column, delete, func, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from storage.clock import Clock
from storage.pseudonym import pseudonym
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.members.following import digest, lock_erasing_exclusive
from subscriptions.messaging_rights.service_windows import ServiceWindowLog
from subscriptions.profiles.effective import orphans_deleted
from subscriptions.tables import Erasure, Member

_log = structlog.get_logger(__name__)

Audit = Callable[[AsyncSession, int | None], None]
"""Adds an audit entry to the erasing transaction; gets the number that the member had, None for a stranger."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The result of an erasure.

    Attributes:
        was_member: the person was a member.
        redis_keys: count of deleted keys; None: Redis was away, and its keys expire within a day.
        remains: files that still contain the openid; () if no file does.
    """

    was_member: bool
    redis_keys: int | None = 0
    remains: tuple[Path, ...] = field(default=())


class Erasing:
    """Erases one person.

    Args:
        service_windows: None in a process that does not note any (the command line).
        redis: None if there is no Redis; its sessions expire within 30 minutes.
        secret: the secret key of the installation, for the keyed hash in the names of Redis keys.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        secret: bytes,
        service_windows: ServiceWindowLog | None = None,
        redis: Redis | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._secret = secret
        self._service_windows = service_windows
        self._redis = redis

    async def erase(self, openid: str, *, audit: Audit | None = None) -> Erased:
        """Delete everything about the person, and search the database files for remains.

        The nightly sync does not add the person again. Only an act of their own does.

        Args:
            openid: the person.
            audit: adds an audit entry. Pass it if an operator erases; a member's own erasure is not audited.
        """
        if self._service_windows is not None:
            self._service_windows.forget(openid)
        async with self._database.write() as session:
            await (await session.connection()).run_sync(lock_erasing_exclusive)
            gone = await session.scalar(delete(Member).where(Member.openid == openid).returning(Member.id))
            await session.execute(
                insert(session, Erasure)
                .values(digest=digest(openid), at=self._clock())
                .on_conflict_do_nothing()
            )
            await session.execute(orphans_deleted())
            if audit is not None:
                audit(session, gone)
        keys = await self._erase_keys(openid)
        remains = await sweep(self._database, openid)
        _log.info(
            "erasure.member_erased",
            was_member=gone is not None,
            redis_keys=keys,
            files_remaining=len(remains),
        )
        return Erased(gone is not None, keys, remains)

    async def _erase_keys(self, openid: str) -> int | None:
        if self._redis is None:
            return None
        deleted = 0
        pattern = f"*{pseudonym(self._secret, openid)}*"
        try:
            async for key in self._redis.scan_iter(match=pattern, count=1_000):
                deleted += int(await self._redis.delete(key))
        except RedisError as error:
            _log.warning("erasure.redis_not_reached", error=type(error).__name__)
            return None
        return deleted


async def sweep(database: Database, openid: str) -> tuple[Path, ...]:
    """Remove the bytes of deleted rows from the database's files.

    Returns:
        Files of a SQLite database that still contain the openid; () on PostgreSQL, whose files are not searched.
    """
    if not database.is_sqlite:
        await _bare(database, *(f"VACUUM {name}" for name in await _tables_of_members(database)))
        return ()
    await _bare(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    files = _files(database)
    found = await asyncio.to_thread(holding, files, openid)
    if found:
        await _bare(database, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
        found = await asyncio.to_thread(holding, files, openid)
    return found


def holding(files: Iterable[Path], openid: str) -> tuple[Path, ...]:
    """Return the files that contain the openid as UTF-8 bytes."""
    return tuple(path for path in files if path.is_file() and _stands_in(path, openid.encode()))


async def rows_with(database: Database, openid: str) -> dict[str, int]:
    """By table, the count of rows that contain the openid in a text column. Every table is read whole."""
    async with database.read() as session:
        columns = await (await session.connection()).run_sync(_text_columns)
        counts = {}
        for name, names in columns.items():
            holds = [cast(column(text), String).contains(openid, autoescape=True) for text in names]
            condition = holds[0]
            for other in holds[1:]:
                condition = condition | other
            counts[name] = await session.scalar(
                select(func.count()).select_from(table(name)).where(condition)
            )
    return {name: count for name, count in counts.items() if count}


def _text_columns(connection: SyncConnection) -> dict[str, list[str]]:
    inspector = inspect(connection)
    names = {
        name: [
            found["name"]
            for found in inspector.get_columns(name)
            if isinstance(found["type"], String) or "JSON" in str(found["type"]).upper()
        ]
        for name in inspector.get_table_names()
    }
    return {name: columns for name, columns in names.items() if columns}


async def _tables_of_members(database: Database) -> list[str]:
    """`members` and every table with a foreign key to it."""

    def read(connection: SyncConnection) -> list[str]:
        inspector = inspect(connection)
        names = inspector.get_table_names()
        return ["members"] + [
            name
            for name in names
            if any(key["referred_table"] == "members" for key in inspector.get_foreign_keys(name))
        ]

    async with database.read() as session:
        return await (await session.connection()).run_sync(read)


async def _bare(database: Database, *statements: str) -> None:
    """Run statements outside any transaction."""
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None  # noqa: S101 - a connection that was just opened
        for statement in statements:
            result = await driver.execute(statement)
            if database.is_sqlite:
                await result.close()


def _files(database: Database) -> list[Path]:
    main = database.engine.url.database or ""
    return [Path(main + suffix) for suffix in ("", "-wal", "-journal")]


def _stands_in(path: Path, sought: bytes) -> bool:
    with path.open("rb") as file:
        try:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return content.find(sought) >= 0
        except ValueError:  # an empty file can't be mapped
            return False
