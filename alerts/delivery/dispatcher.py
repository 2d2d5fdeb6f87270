"""One pass of a chunk: load → eligibility → route and compose → send.

What eligibility decides against a row is recorded before anything is sent. Outcomes of sends are recorded by the send loop.
"""

import secrets
import time
from collections.abc import Collection
from functools import partial

from sqlalchemy import Connection

from alerts.channels.outlet import Outlet
from alerts.delivery.decisions import Decisions
from alerts.delivery.eligibility import eligible
from alerts.delivery.load_chunk import ChunkLoader
from alerts.delivery.route import route
from alerts.ledger.claim import unqueue
from alerts.ledger.settle import defer, settle
from alerts.model.rows.row_states import Timing
from alerts.sending.leases import Leases
from alerts.sending.metrics import DeliveryMetrics
from alerts.sending.send_loop import SendLoop
from storage.clock import Clock
from storage.sql.database import Database


class Dispatcher:
    """Delivers chunks of rows, in any number of workers at once: a row is sent by the worker that claims it."""

    def __init__(
        self,
        database: Database,
        send_loop: SendLoop,
        outlet: Outlet,
        leases: Leases,
        *,
        clock: Clock,
        real_clock: Clock,
        metrics: DeliveryMetrics,
        timing: Timing,
    ) -> None:
        self._database = database
        self._loader = ChunkLoader(database, outlet, clock=clock, real_clock=real_clock, timing=timing)
        self._send_loop = send_loop
        self._leases = leases
        self._clock = clock
        self._metrics = metrics
        self._timing = timing

    async def deliver(self, ids: Collection[int]) -> int:
        """Send those of these rows that are still free and due; how many rows that was.

        Returns when each of them is settled or put off, and the ledger says so.
        """
        run, claimed_at = secrets.token_hex(8), time.monotonic()
        with self._leases.held(run):
            loaded = await self._loader.load(ids, run)
            if loaded.claimed < len(ids):
                await self._database.run_in_write_transaction(partial(unqueue, ids=ids))
            if not loaded.rows:
                return 0
            decisions = Decisions()
            rows = eligible(loaded, decisions, self._clock(), self._timing)
            messages = await route(loaded, rows, decisions, claimed_at=claimed_at)
            await self._record(decisions)
            await self._send_loop.send(messages)
        return len(loaded.rows)

    async def _record(self, decisions: Decisions) -> None:
        """Write what was decided without a message; the send loop records the messages."""
        if not decisions.settlements and not decisions.deferred:
            return
        now = self._clock()

        def work(connection: Connection) -> None:
            settle(connection, decisions.settlements, now)
            for (until, reason), rows in sorted(decisions.deferred.items()):
                defer(connection, rows, until, reason)

        await self._database.run_in_write_transaction(work)
        self._metrics.count(settlement.state for settlement in decisions.settlements)
