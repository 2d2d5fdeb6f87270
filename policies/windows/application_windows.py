"""Application windows (申报期): when which clause can be applied for, and where."""

import asyncio
import math
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.library import tables
from policies.publishing.statements import library_of
from policies.windows.clause_cells import ClauseCells
from policies.windows.task import read_windows_apart
from policies.windows.window import Window, WindowChange, WindowImport
from policies.windows.window_fields import WindowFields, WindowFileError, check_window
from policies.windows.window_files import WindowReading
from storage.clock import Clock, day_of
from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS
from storage.tasks.outage_log import OutageLog

_W = tables.WindowRow
_ALL = (
    select(_W.id, _W.policy_id, _W.title, _W.opens_on, _W.closes_on, _W.url, _W.sample)
    .where(_W.withdrawn_at.is_(None))
    .order_by(_W.closes_on, _W.id)
)
_FRESH_S = 1.0
"""How long a process may answer from the windows it read; another process's change shows after that."""
_REREAD_S = 0.5
"""Windows older than this are read again beside the answers, so that no answer has to wait for the database."""
_LONGEST_WAIT_S = 1.0
"""The longest an answer waits for a silent database. After that, answers use the windows known before."""

SAMPLE_DAYS = (30, 14, 7, 3, 1)
"""Days to the close of the sample windows: one for each usual lead, today."""


class Windows:
    """Reads and keeps application windows. Natural key: clause, title, first day."""

    def __init__(
        self, database: Database, clock: Clock, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._clock = clock
        self._monotonic = monotonic
        self._rereading: asyncio.Future[None] | None = None
        self._asked_at = self._read_at = self._changed_at = -math.inf
        self._known: tuple[Window, ...] = ()
        self._outage = OutageLog("windows.not_read", "answers say the windows known before")

    async def open_for(self, policy_id: int, day: date) -> tuple[Window, ...]:
        """Return windows of a clause that are open on a day, the first to close first.

        Every answer about a clause calls this. It reads from memory, so a failing database stops no answer.
        """
        return tuple(w for w in await self.recent() if w.policy_id == policy_id and w.is_open(day))

    async def recent(self) -> tuple[Window, ...]:
        """Return all windows from memory. It is the same tuple object until a window changes."""
        for _ in range(2):  # a reading under way may have begun before a change of ours
            age = self._age()
            if age < _REREAD_S:
                break
            if self._rereading is None:
                self._rereading = asyncio.ensure_future(self._reread())
                self._asked_at = self._monotonic()
            patience = self._asked_at + _LONGEST_WAIT_S - self._monotonic()
            if age < _FRESH_S or patience <= 0:
                break
            await asyncio.wait([self._rereading], timeout=patience)
        return self._known

    async def open_on(self, day: date, policy_ids: Collection[int] | None = None) -> tuple[Window, ...]:
        """Return windows open on a day, of some clauses or of all; the first to close first."""
        return tuple(w for w in await self.all() if w.is_open(day) and _among(w, policy_ids))

    async def all(self) -> tuple[Window, ...]:
        """Return every window, past ones too but none that was withdrawn; the first to close first."""
        return await self._database.run_in_read_transaction(_all)

    async def get(self, window_id: int) -> Window | None:
        """Return one window; None also if it was withdrawn."""
        async with self._database.read() as session:
            row = await session.get(_W, window_id)
            return window_of(row) if row is not None and row.withdrawn_at is None else None

    async def read_file(self, raw: bytes) -> WindowReading:
        """Return the windows of a file, read in another process; nothing is taken yet.

        Call it before a transaction begins: nothing else could be written while it runs.

        Raises:
            WindowFileError: with every line that is wrong.
        """
        today = day_of(self._clock())
        async with self._database.read() as session:
            clauses = ClauseCells.of(await library_of(session))
        return await read_windows_apart(raw, clauses, today)

    async def put(self, rows: Iterable[WindowFields], *, sample: bool = False) -> WindowImport:
        """Add windows. A known window takes the closing day and the link that are given.

        A withdrawn window that is given again is the same window: members who were told of it get no second opening
        alert, and members who have applied for it are not asked again.

        Raises:
            WindowFileError: a row isn't a possible window; nothing was taken.
        """
        rows = await self._checked(rows)
        try:
            moves = await self._put_all(rows, sample=sample)
        except IntegrityError:  # another process added one of them in between; now it is known
            moves = await self._put_all(rows, sample=sample)
        self._changed_at = self._monotonic()
        return WindowImport(
            added=tuple(window for window, change in moves if change is None and window is not None),
            changed=tuple(change for _, change in moves if change is not None),
            unchanged=sum(window is None for window, _ in moves),
        )

    async def foreseen(self, rows: Iterable[WindowFields]) -> tuple[Window, ...]:
        """Return the windows that `put` would add or change, in their new state. A new one has an id below zero.

        Raises:
            WindowFileError: in the same cases as `put`.
        """
        rows = await self._checked(rows)
        async with self._database.read() as session:
            found = await session.scalars(select(_W).where(_W.policy_id.in_({row.policy_id for row in rows})))
            known = {(one.policy_id, one.title, one.opens_on): one for one in found}
        would_be = []
        for at, row in enumerate(rows, 1):
            old = known.get(row.key)
            if old is None or old.withdrawn_at or (old.closes_on, old.url) != (row.closes_on, row.url):
                number = old.id if old else -at
                would_be.append(
                    Window(
                        number, row.policy_id, row.title, row.opens_on, row.closes_on, row.url, sample=False
                    )
                )
        return tuple(would_be)

    async def _checked(self, rows: Iterable[WindowFields]) -> tuple[WindowFields, ...]:
        rows = tuple(rows)
        titles = await self.titles()
        faults = [fault for row in rows for fault in check_window(row, titles)]
        if faults:
            raise WindowFileError(faults)
        return rows

    async def remove(self, window_id: int) -> bool:
        """Withdraw a window. The next tick tells the members who were told of the window.

        A sample is deleted: nobody counts on it.

        Returns:
            Whether there was such a window.
        """
        now = self._clock()
        async with self._database.write() as session:
            gone = await session.scalar(
                delete(_W).where(_W.id == window_id, _W.sample).returning(_W.id)
            ) or await session.scalar(
                update(_W)
                .where(_W.id == window_id, _W.withdrawn_at.is_(None))
                .values(withdrawn_at=now, updated_at=now)
                .returning(_W.id)
            )
        self._changed_at = self._monotonic()
        return gone is not None

    async def add_samples(self) -> int:
        """Add sample windows of clauses all over the library, open since yesterday; returns how many."""
        today = day_of(self._clock())
        titles = await self.titles()
        rows = [
            WindowFields(key, today - timedelta(days=1), today + timedelta(days=days), titles[key])
            for key, days in zip(_spread(sorted(titles)), SAMPLE_DAYS, strict=False)
        ]
        done = await self.put(rows, sample=True)
        return len(done.added)

    async def clear_samples(self) -> int:
        """Delete all sample windows; returns how many."""
        async with self._database.write() as session:
            gone = await session.scalars(delete(_W).where(_W.sample).returning(_W.id))
            count = len(gone.all())
        self._changed_at = self._monotonic()
        return count

    async def titles(self) -> dict[int, str]:
        """Return short titles of the published clauses, by number."""
        table = tables.RevisionRow
        async with self._database.read() as session:
            rows = await session.execute(
                select(table.subject, table.data).where(
                    table.state == RevisionState.PUBLISHED, table.subject > 0, table.retires.is_(False)
                )
            )
            return {subject: str(data["title"]) for subject, data in rows}

    def _age(self) -> float:
        """Return seconds since the known windows were read; infinity if this process has changed a window since."""
        return self._monotonic() - self._read_at if self._read_at > self._changed_at else math.inf

    async def _reread(self) -> None:
        try:
            await self._read()
        finally:
            self._rereading = None

    async def _read(self) -> None:
        started = self._monotonic()
        try:
            windows = await self.all()
            if windows != self._known:
                self._known = windows
            self._outage.recovered()
        except DATABASE_ERRORS as error:
            self._outage.failed(error)
        self._read_at = started

    async def _put_all(
        self, rows: Iterable[WindowFields], *, sample: bool
    ) -> list[tuple[Window | None, WindowChange | None]]:
        async with self._database.write() as session:
            return [await self._put_one(session, row, sample=sample) for row in rows]

    async def _put_one(
        self, session: AsyncSession, row: WindowFields, *, sample: bool
    ) -> tuple[Window | None, WindowChange | None]:
        """Write one row. Returns the window if it is new or changed, and the change if it was known before."""
        now = self._clock()
        policy_id, title, opens_on = row.key
        known = await session.scalar(
            select(_W).where(_W.policy_id == policy_id, _W.title == title, _W.opens_on == opens_on)
        )
        if known is None:
            added = _W(
                policy_id=policy_id,
                title=title,
                opens_on=opens_on,
                closes_on=row.closes_on,
                url=row.url,
                sample=sample,
                created_at=now,
                updated_at=now,
            )
            session.add(added)
            await session.flush()
            return window_of(added), None
        if sample and not known.sample:  # a sample never takes a real window's place
            return None, None
        if known.withdrawn_at is not None:
            known.closes_on, known.url, known.withdrawn_at, known.updated_at = (
                row.closes_on,
                row.url,
                None,
                now,
            )
            return window_of(known), None
        if (known.closes_on, known.url, known.sample) == (row.closes_on, row.url, sample):
            return None, None
        old_closes_on, old_url = known.closes_on, known.url
        known.closes_on, known.url, known.sample, known.updated_at = row.closes_on, row.url, sample, now
        return window_of(known), WindowChange(window_of(known), old_closes_on, old_url)


def _all(connection: Connection) -> tuple[Window, ...]:
    rows = connection.execute(_ALL)
    return tuple(Window(*row) for row in rows)


def _among(window: Window, policy_ids: Collection[int] | None) -> bool:
    return policy_ids is None or window.policy_id in policy_ids


def window_of(row: tables.WindowRow) -> Window:
    """Return the window that a row of the table holds."""
    return Window(row.id, row.policy_id, row.title, row.opens_on, row.closes_on, row.url, row.sample)


def _spread(keys: Sequence[int]) -> list[int]:
    """Return as many keys as there are samples, evenly over all, each once."""
    count = len(SAMPLE_DAYS)
    places = ((2 * at + 1) * len(keys) // (2 * count) for at in range(count))
    return list(dict.fromkeys(keys[place] for place in places if keys))
