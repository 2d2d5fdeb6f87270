"""Whether the database is the one this house worked with last, or a copy from before.

A number in the database grows every few seconds, and is noted outside of it: in the data folder and in Redis. A
database behind its note was put back from a backup. So was one whose file is another file than it says, and one
that `policybot backup` has marked as a copy.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Connection, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.ledger.restored import stop_as_restored
from alerts.model.tables import Campaign
from alerts.scheduling.lease import Held
from console.access.audit import record
from storage.clock import system_clock
from storage.sql.database import Database
from storage.sql.switches import Switch, set_switch

BEAT_SECONDS = 10
NAME = "life"
_BY = "policybot"

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Life:
    """What the database knows of itself.

    Attributes:
        id: of this database, so that another one at the same Redis is not compared with it.
        number: how often it was seen alive.
        file: its inode, where it is a file.
        copy: it is a copy that `policybot backup` made.
    """

    id: str
    number: int = 0
    file: int = 0
    copy: bool = False

    @classmethod
    def read(cls, value: str) -> "Life":
        return cls(**json.loads(value))

    def text(self) -> str:
        return json.dumps(asdict(self))


class DatabaseLife:
    """Keeps the number and its notes, and stops everything outgoing where the database is behind them."""

    def __init__(self, database: Database, folder: Path, redis: Redis) -> None:
        self._database = database
        self._note = folder / "life.json"
        self._redis = redis
        self._file = Path(database.engine.url.database or "") if database.is_sqlite else None

    async def examine(self) -> bool:
        """Look at the database before anything is sent; True where it turned out to be a copy from before.

        The notes are read first: the database is always ahead of them.
        """
        noted = self._noted()
        async with self._database.read() as session:
            row = await session.get(Switch, NAME)
            if row is None and (noted is None or not await session.scalar(select(exists(Campaign.id)))):
                return False  # new
        if row is None:
            await self._stop(None, Life(secrets.token_hex(8)))
            return True
        life = Life.read(row.value)
        highest = max(
            await self._noted_in_redis(life.id), noted.number if noted and noted.id == life.id else 0
        )
        moved = bool(life.file) and life.file != self._inode()
        strange = noted is not None and noted.id != life.id
        if not (life.copy or moved or strange or life.number < highest):
            return False
        await self._stop(row, replace(life, number=max(life.number, highest)))
        return True

    async def beat(self, _held: Held | None = None) -> None:
        """Let the number grow, and note it; a database that was put back under a running process is found here."""
        if await self.examine():
            return
        life = await self._database.run_in_write_transaction(self._grow)
        await self._take_note(life)

    def _grow(self, connection: Connection) -> Life:
        value = connection.scalar(select(Switch.value).where(Switch.name == NAME))
        life = Life.read(value) if value else Life(secrets.token_hex(8))
        life = replace(life, number=life.number + 1, file=self._inode())
        set_switch(connection, NAME, life.text(), _BY, system_clock())
        return life

    async def _stop(self, row: Switch | None, life: Life) -> None:
        async with self._database.write() as session:
            await stop_as_restored(session, row.changed_at if row else None, system_clock())
            record(session, _BY, "全局暂停", ("outgoing", "all"), after={"原因": "数据库是恢复的备份或副本"})
            found = replace(life, number=life.number + 1, file=self._inode(), copy=False)
            await self._set(session, found)
        await self._take_note(found)
        log.error(
            "database.restored",
            as_of=str(row.changed_at) if row else "unknown",
            remedy="everything outgoing is stopped: look at `policybot alerts restored`, then `policybot alerts go`",
        )

    async def _set(self, session: AsyncSession, life: Life) -> None:
        connection = await session.connection()
        await connection.run_sync(lambda sync: set_switch(sync, NAME, life.text(), _BY, system_clock()))

    async def _take_note(self, life: Life) -> None:
        fresh = self._note.with_suffix(".new")
        fresh.write_text(life.text())
        fresh.replace(self._note)
        with suppress(RedisError, OSError):
            await self._redis.set(f"policybot:life:{life.id}", life.number)

    def _noted(self) -> Life | None:
        try:
            return Life.read(self._note.read_text())
        except (OSError, ValueError, TypeError):
            return None

    async def _noted_in_redis(self, identity: str) -> int:
        try:
            return int(await self._redis.get(f"policybot:life:{identity}") or 0)
        except (RedisError, OSError, ValueError):
            log.warning("life.redis_not_asked", remedy="a restored database is told by the data folder alone")
            return 0

    def _inode(self) -> int:
        return self._file.stat().st_ino if self._file else 0
