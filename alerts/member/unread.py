"""Who may have unread alerts, known without asking the database for each message.

A process keeps one bit for a person's hash and sets it when an alert is laid into their inbox. A clear bit is
sure; a set one costs a count. Alerts of other processes show after `FRESH_SECONDS`.
"""

import asyncio
from datetime import datetime, timedelta
from zlib import crc32

import structlog
from sqlalchemy import select

from alerts.member.inbox import UNREAD
from alerts.model.tables import Delivery
from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS
from storage.tasks.outage_log import OutageLog
from subscriptions.tables import Member

FRESH_SECONDS = 1.0
_BITS = 1 << 24  # 2 MB; with a million unread inboxes six in a hundred others cost a count
_OVERLAP = timedelta(seconds=5)
"""A row's time is set a little before its transaction commits."""
_REFILLS = 600
"""After so many rounds all bits are set again, so that read alerts drop out and late commits come in."""
_log = structlog.stdlib.get_logger(__name__)


class UnreadHints:
    """One bit for each person. Until `run` has set the bits, every person may have unread alerts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._bits: bytearray | None = None
        self._rounds = 0
        self._outage = OutageLog("unread_not_read")

    def may_have(self, openid: str) -> bool:
        """Whether a person may have unread alerts. False: surely none."""
        if self._bits is None:
            return True
        byte, bit = divmod(_place(openid), 8)
        return bool(self._bits[byte] >> bit & 1)

    async def refill(self) -> None:
        """Set all bits again from the unread alerts."""
        self._bits = await self._set(bytearray(_BITS // 8), None)

    async def run(self) -> None:
        """Keep the bits up to date until cancelled. While the database is away, it waits."""
        while True:
            await self.look()
            await asyncio.sleep(FRESH_SECONDS)

    async def look(self) -> None:
        """Set the bits of alerts that came since the last round; now and then set all bits again."""
        since = self._clock() - _OVERLAP - timedelta(seconds=FRESH_SECONDS)
        try:
            if self._bits is None or self._rounds % _REFILLS == 0:
                await self.refill()
            else:
                await self._set(self._bits, since)
            self._rounds += 1
            self._outage.recovered()
        except DATABASE_ERRORS as error:
            self._outage.failed(error)
            self._rounds = 0

    async def _set(self, bits: bytearray, since: datetime | None) -> bytearray:
        statement = select(Member.openid).join(Delivery, Delivery.member_id == Member.id).where(UNREAD)
        if since is not None:
            statement = statement.where(Delivery.settled_at >= since)
        async with self._database.read() as session:
            async for openid in await session.stream_scalars(statement):
                byte, bit = divmod(_place(openid), 8)
                bits[byte] |= 1 << bit
        return bits


def _place(openid: str) -> int:
    return crc32(openid.encode()) % _BITS
