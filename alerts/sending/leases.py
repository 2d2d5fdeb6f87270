"""Leases of claimed rows. They are short, so that a dead worker's rows are soon free; a living worker renews them."""

import asyncio
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial

import structlog
from sqlalchemy import Connection, update

from alerts.model.rows.row_states import IS_LEASED, RowState, Timing
from alerts.model.tables import Delivery
from storage.sql.batches import database_now
from storage.sql.database import Database

_log = structlog.get_logger(__name__)


class Leases:
    """The leases of one worker's chunks. With renewed leases a chunk may take as long as the rate demands."""

    def __init__(self, database: Database, timing: Timing) -> None:
        self._database = database
        self._timing = timing
        self._pause = timing.claim_s / 4
        self._runs: dict[str, float] = {}

    @contextmanager
    def held(self, run: str) -> Iterator[None]:
        """Renew the leases of a claim, from before it until all its rows are settled."""
        self._runs[run] = time.monotonic()
        try:
            yield
        finally:
            del self._runs[run]

    async def run(self) -> None:
        """Renew the leases of claims that last long, until cancelled."""
        while True:
            await asyncio.sleep(self._pause)
            long_ago = time.monotonic() - self._pause
            runs = [run for run, since in self._runs.items() if since <= long_ago]
            if not runs:
                continue
            try:
                await self._database.run_in_write_transaction(partial(renew, runs=runs, timing=self._timing))
            except (
                Exception
            ) as error:  # the edge of the database: two more tries remain before the leases end
                _log.warning("worker.leases_not_renewed", error=type(error).__name__)


def renew(connection: Connection, runs: Collection[str], timing: Timing) -> None:
    """Renew the leases of the claimed rows of these claims. A row that is being tried has a lease of its own."""
    connection.execute(
        update(Delivery)
        .where(IS_LEASED, Delivery.state == RowState.CLAIMED.value, Delivery.claimed_by.in_(runs))
        .values(claimed_until=database_now(connection, timing.claim_s))
    )
