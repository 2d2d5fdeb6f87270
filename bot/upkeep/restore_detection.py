"""Finds out that a database was put back from a backup, and then stops everything outgoing.

A restored ledger would send again what went out since the backup. So a number in the database grows every few
seconds, and a note of it is kept outside: in the data folder and in Redis. The database was restored if one of these
holds: its number is behind the note, its file is another file than the one it names, or `policybot backup` has marked
it as a copy.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Connection, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.lease.lease import HeldLease
from alerts.ledger.restored import stop_as_restored
from alerts.model.tables import Campaign
from console.access.audit import record
from storage.clock import system_clock
from storage.sql.database import Database
from storage.sql.switches import Switch, set_switch

ADVANCE_SECONDS = 10
NAME = "life"
_BY = "policybot"

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Generation:
    """How far one database has come.

    Attributes:
        id: random, 16 hexadecimal digits; tells this database from others that share the Redis.
        number: grows by one every `ADVANCE_SECONDS`.
        file: the inode of a SQLite database's file; 0 for PostgreSQL.
        copy: `policybot backup` made this database as a copy.
    """

    id: str
    number: int = 0
    file: int = 0
    copy: bool = False

    @classmethod
    def read(cls, value: str) -> "Generation":
        return cls(**json.loads(value))

    def text(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class RestoredDatabase:
    """A database that was put back and is not stopped yet: its generation, and the instant it is as of if known."""

    generation: Generation
    since: datetime | None


class RestoreDetector:
    """Advances the number and its notes; stops everything outgoing if the database is behind the notes."""

    def __init__(self, database: Database, folder: Path, redis: Redis | None) -> None:
        self._database = database
        self._note = folder / "life.json"
        self._redis = redis
        self._file = Path(database.engine.url.database or "") if database.is_sqlite else None

    async def check(self) -> bool:
        """Compare the database with the notes, before anything is sent. True if it was restored; then all is stopped."""
        found = await self.find()
        if found is None:
            return False
        await self._stop(found)
        return True

    async def find(self) -> RestoredDatabase | None:
        """Compare the database with the notes, and change nothing.

        The notes are read first, because a running process writes the database first and its notes afterwards.
        """
        noted = self._noted()
        async with self._database.read() as session:
            row = await session.get(Switch, NAME)
            if row is None and (noted is None or not await session.scalar(select(exists(Campaign.id)))):
                return None  # new
        if row is None:
            return RestoredDatabase(Generation(secrets.token_hex(8)), None)
        generation = Generation.read(row.value)
        highest = max(
            await self._noted_in_redis(generation.id),
            noted.number if noted and noted.id == generation.id else 0,
        )
        moved = bool(generation.file) and generation.file != self._inode()
        strange = noted is not None and noted.id != generation.id
        if not (generation.copy or moved or strange or generation.number < highest):
            return None
        return RestoredDatabase(replace(generation, number=max(generation.number, highest)), row.changed_at)

    async def advance(self, _held: HeldLease | None = None) -> None:
        """Check, then advance the number and its notes. This also finds a restore under a running process."""
        if await self.check():
            return
        generation = await self._database.run_in_write_transaction(self._advance)
        await self._take_note(generation)

    def _advance(self, connection: Connection) -> Generation:
        value = connection.scalar(select(Switch.value).where(Switch.name == NAME))
        generation = Generation.read(value) if value else Generation(secrets.token_hex(8))
        generation = replace(generation, number=generation.number + 1, file=self._inode())
        set_switch(connection, NAME, generation.text(), _BY, system_clock())
        return generation

    async def _stop(self, restored: RestoredDatabase) -> None:
        async with self._database.write() as session:
            await stop_as_restored(session, restored.since, system_clock())
            record(session, _BY, "全局暂停", ("outgoing", "all"), after={"原因": "数据库是恢复的备份或副本"})
            generation = restored.generation
            found = replace(generation, number=generation.number + 1, file=self._inode(), copy=False)
            await self._set(session, found)
        await self._take_note(found)
        _log.error(
            "database.restored",
            as_of=str(restored.since or "unknown"),
            remedy="everything outgoing is stopped: look at `policybot alerts restored`, then `policybot alerts go`",
        )

    async def _set(self, session: AsyncSession, generation: Generation) -> None:
        connection = await session.connection()
        await connection.run_sync(lambda sync: set_switch(sync, NAME, generation.text(), _BY, system_clock()))

    async def _take_note(self, generation: Generation) -> None:
        fresh = self._note.with_suffix(".new")
        fresh.write_text(generation.text())
        fresh.replace(self._note)
        if self._redis is None:
            return
        with suppress(RedisError, OSError):
            await self._redis.set(f"policybot:life:{generation.id}", generation.number)

    def _noted(self) -> Generation | None:
        try:
            return Generation.read(self._note.read_text())
        except (OSError, ValueError, TypeError):
            return None

    async def _noted_in_redis(self, identity: str) -> int:
        if self._redis is None:
            return 0
        try:
            return int(await self._redis.get(f"policybot:life:{identity}") or 0)
        except (RedisError, OSError, ValueError):
            _log.warning(
                "restore_detection.redis_not_asked",
                remedy="a restore is found by the note in the data folder alone",
            )
            return 0

    def _inode(self) -> int:
        return self._file.stat().st_ino if self._file else 0
