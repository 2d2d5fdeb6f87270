"""How many questions were answered and declined on each day, without who asked or what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from policies.questions.tables import DailyTally
from policies.search.decision import Intent
from storage.clock import Clock, day_of
from storage.sql.database import Database
from storage.sql.upsert import insert
from storage.tasks.outage_log import OutageLog
from storage.tasks.write_behind import keep_flushing, write_all

ANSWERED = "answered"
DECLINED = "declined"
_AT_ONCE = 100
_QUESTIONS = frozenset(Intent)
_DECLINED = frozenset({Intent.NONE, Intent.MAYBE})
"""Where clauses are only offered, no clause has answered."""


class QuestionTally:
    """Counts in memory and adds to the database once a second, so that an answer costs no transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: Counter[tuple[date, str]] = Counter()

    def note(self, intent: str) -> None:
        """Count an answer by its intent. Commands and events are not counted."""
        if intent in _QUESTIONS:
            what = DECLINED if intent in _DECLINED else ANSWERED
            self._waiting[day_of(self._clock()), what] += 1

    async def flush(self) -> None:
        """Add the counts to the database. While it is away the counts stay in memory, and the error is raised."""
        waiting, self._waiting = sorted(self._waiting.items()), Counter()
        try:
            await write_all(waiting, self._write, _AT_ONCE, "tally.refused")
        except BaseException:
            self._waiting.update(dict(waiting))
            raise

    async def _write(self, counts: Sequence[tuple[tuple[date, str], int]]) -> None:
        rows = [{"day": day, "what": what, "n": n} for (day, what), n in counts]
        await self._database.run_in_write_transaction(partial(_add, rows=rows))

    async def run(self) -> None:
        """Write once a second until cancelled, and once more then."""
        await keep_flushing(self.flush, OutageLog("tally.not_written"))

    async def days(self, last: date, count: int) -> Mapping[date, Mapping[str, int]]:
        """Return the `count` days up to `last`, oldest first, each with its `ANSWERED` and `DECLINED`."""
        await self.flush()
        days = [last - timedelta(days=back) for back in reversed(range(count))]
        found: dict[date, dict[str, int]] = {day: {ANSWERED: 0, DECLINED: 0} for day in days}
        async with self._database.read() as session:
            rows = await session.execute(
                select(DailyTally.day, DailyTally.what, DailyTally.n).where(
                    DailyTally.day.between(days[0], last)
                )
            )
        for day, what, n in rows:
            found[day][what] = n
        return found


def _add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    counted = insert(connection, DailyTally).values(rows)
    connection.execute(
        counted.on_conflict_do_update(
            index_elements=["day", "what"], set_={"n": DailyTally.n + counted.excluded.n}
        )
    )
