"""Business time that an operator may set in the sandbox; every process on one database has the same.

Only dates of the business follow it: windows, deadlines, quiet hours. Leases, timers and back-off keep the machine's time.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from storage.clock import Clock, system_clock
from storage.sql.database import Database
from storage.sql.switches import Switch
from storage.tasks.polling import Followed

_NAME = "business_clock"
_OFFSET = select(Switch.value).where(Switch.name == _NAME)


class BusinessClock:
    """A `Clock`: the machine's time plus an offset that is stored in the database.

    A call does no I/O. The process polls what `followed` gives, so it follows a change by another one.

    Args:
        database: where the offset is stored.
        real: the machine's time, UTC.
        movable: False: always the machine's time. A date that a sandbox left behind must not count beside a real account.
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
        """Whether the business time differs from the machine's."""
        return bool(self._offset)

    async def refresh(self) -> None:
        """Read the offset. A clock that is not movable ignores what the database holds."""
        if not self._movable:
            return
        self._hear(*await self._database.look(select(_OFFSET.scalar_subquery())))

    def followed(self) -> list[Followed]:
        """Return what the process polls for this clock: the offset; nothing if the clock is not movable."""
        if not self._movable:
            return []
        return [Followed("clock.not_read", [_OFFSET.scalar_subquery()], self._hear)]

    def _hear(self, stored: str | None) -> None:
        self._offset = timedelta(seconds=float(stored)) if stored else timedelta()

    async def set(self, at: datetime) -> None:
        """Set the business time to `at` for every process; it runs on from there."""
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
        """Set the business time back to the machine's, for every process."""
        async with self._database.write() as session:
            await session.execute(delete(Switch).where(Switch.name == _NAME))
        self._offset = timedelta()
