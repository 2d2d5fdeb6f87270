"""Who may have unread alerts, known without asking the database for each message.

A process keeps one bit for a person's hash and sets it when an alert is laid into their inbox. A clear bit is
sure; a set one costs a count. Alerts of other processes show at the next look of the process's poll.
"""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import bindparam, exists, select

from alerts.member.inbox import UNREAD
from alerts.model.tables import Delivery
from storage.clock import Clock
from storage.sql.base import UTCDateTime
from storage.sql.database import Database
from storage.tasks.polling import Followed
from subscriptions.tables import Member

_BITS = 1 << 24  # 2 MB; with a million unread inboxes six in a hundred others cost a count
_OVERLAP = timedelta(seconds=6)
"""A row's time is set a little before its transaction commits, so an earlier look may have missed the row."""
_REFILLS = 1_200
"""After this many looks all bits are set again, so that read alerts are dropped and late commits are seen."""
_LATELY = exists().where(UNREAD, Delivery.settled_at >= bindparam("unread_since", type_=UTCDateTime()))


class UnreadHints:
    """One bit for each person. Until the process has polled what `followed` gives, every person may have unread alerts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._bits: bytearray | None = None
        self._looks = 0

    def may_have(self, openid: str) -> bool:
        """Whether a person may have unread alerts. False: surely none."""
        if self._bits is None:
            return True
        byte, bit = divmod(_place(openid), 8)
        return bool(self._bits[byte] >> bit & 1)

    async def refill(self) -> None:
        """Set all bits again from the unread alerts."""
        self._bits = await self._set(bytearray(_BITS // 8), None)

    def followed(self) -> Followed:
        """Return what the process polls: whether alerts were put into inboxes in the last seconds."""
        return Followed("unread.not_read", [_LATELY], self._hear, self._lost, self._since)

    def _since(self) -> dict[str, datetime]:
        return {"unread_since": self._clock() - _OVERLAP}

    def _hear(self, lately: bool) -> Coroutine[Any, Any, object] | None:
        """Set the bits of alerts that came since the last look; now and then set all bits again."""
        bits = None if self._looks % _REFILLS == 0 else self._bits
        self._looks += 1
        if bits is None:
            return self.refill()
        return self._set(bits, self._clock() - _OVERLAP) if lately else None

    def _lost(self) -> None:
        self._looks = 0  # then all bits are set again

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
