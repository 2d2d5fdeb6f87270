"""Leases of claimed rows: short, so that a dead worker's rows are soon free, and renewed while their worker lives."""

import asyncio
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial

import structlog
from sqlalchemy import Connection, update

from alerts.model.row_states import IS_LEASED, State, Timing
from alerts.model.tables import Delivery
from storage.sql.batches import database_now
from storage.sql.database import Database

_log = structlog.get_logger(__name__)


class Leases:
    """The leases of one worker's chunks: a chunk may take as long as rate and company let it."""

    def __init__(self, database: Database, timing: Timing) -> None:
        self._database = database
        self._timing = timing
        self._pause = timing.claim_s / 4
        self._runs: dict[str, float] = {}

    @contextmanager
    def held(self, run: str) -> Iterator[None]:
        """Keep the rows of a run, from before they are claimed until they are settled."""
        self._runs[run] = time.monotonic()
        try:
            yield
        finally:
            del self._runs[run]

    async def run(self) -> None:
        """Renew what is held for long, until cancelled."""
        while True:
            await asyncio.sleep(self._pause)
            long_ago = time.monotonic() - self._pause
            runs = [run for run, since in self._runs.items() if since <= long_ago]
            if not runs:
                continue
            try:
                await self._database.run_in_write_transaction(partial(renew, runs=runs, timing=self._timing))
            except Exception as error:  # the edge of the database: there are two tries more before the end
                _log.warning("leases_not_renewed", error=type(error).__name__)


def renew(connection: Connection, runs: Collection[str], timing: Timing) -> None:
    """Let the claimed rows of these runs be theirs anew; what is under way has a lease of its own."""
    connection.execute(
        update(Delivery)
        .where(IS_LEASED, Delivery.state == State.CLAIMED.value, Delivery.claimed_by.in_(runs))
        .values(claimed_until=database_now(connection, timing.claim_s))
    )
