"""Business time that an operator may set in the sandbox; every process on one database has the same.

Only dates of the business follow it: windows, deadlines, quiet hours. Leases, timers and back-off keep the machine's time.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, insert, select

from storage.clock import Clock, system_clock
from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS
from storage.sql.switches import Switch
from storage.tasks.outage_log import OutageLog

REFRESH_SECONDS = 0.5
_NAME = "business_clock"
_log = structlog.get_logger(__name__)


class BusinessClock:
    """A `Clock`: the machine's time and an offset kept in the database.

    A clock that is not `movable` keeps the machine's time: a date that a sandbox left behind must not count beside
    a real account. Calling it touches nothing; `run` keeps the offset fresh, at most half a second behind another process.
    """

    def __init__(self, database: Database, real: Clock = system_clock, *, movable: bool = True) -> None:
        self._database = database
        self._movable = movable
        self._real = real
        self._offset = timedelta()

    def __call__(self) -> datetime:
        return self._real() + self._offset

    @property
    def moved(self) -> bool:
        """Whether the date is another than the machine's."""
        return bool(self._offset)

    async def refresh(self) -> None:
        """Read the offset; where the clock can't be moved there is none, whatever the database holds."""
        if not self._movable:
            return
        stored = await self._database.run_in_read_transaction(
            lambda connection: connection.scalar(select(Switch.value).where(Switch.name == _NAME))
        )
        self._offset = timedelta(seconds=float(stored)) if stored else timedelta()

    async def run(self) -> None:
        """Read the offset again and again, until cancelled; a database that is away is waited for."""
        outage = OutageLog("business_clock_not_read")
        while True:
            try:
                await self.refresh()
                outage.recovered()
            except DATABASE_ERRORS as error:
                outage.failed(error)
            await asyncio.sleep(REFRESH_SECONDS)

    async def set(self, at: datetime) -> None:
        """Let it be `at` now, for every process; time runs on from there."""
        offset = at - self._real()
        async with self._database.write() as session:
            await session.execute(delete(Switch).where(Switch.name == _NAME))
            await session.execute(
                insert(Switch).values(
                    name=_NAME,
                    value=str(offset.total_seconds()),
                    changed_by="sandbox",
                    changed_at=self._real(),
                )
            )
        self._offset = offset

    async def reset(self) -> None:
        """Let it be the machine's time again, for every process."""
        async with self._database.write() as session:
            await session.execute(delete(Switch).where(Switch.name == _NAME))
        self._offset = timedelta()
