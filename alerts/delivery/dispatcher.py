"""Delivery of a chunk: claims its rows, sorts them, hands the messages to the pipe, waits until all is written."""

import secrets
import time
from collections.abc import Awaitable, Callable, Collection
from functools import partial

import structlog
from sqlalchemy import Connection

from alerts.channels.verdicts import Verdict
from alerts.delivery.compose import Composer, Outlet
from alerts.delivery.eligibility import Sorting
from alerts.delivery.load_chunk import ChunkLoader, LoadedChunk
from alerts.ledger.claim import unqueue
from alerts.ledger.settle import defer, settle
from alerts.model.row_reasons import NOT_OURS
from alerts.model.row_states import State, Timing
from alerts.sending.leases import Leases
from alerts.sending.metrics import DeliveryMetrics
from alerts.sending.send_loop import SendLoop
from storage.clock import SHANGHAI, Clock
from storage.sql.database import Database
from wechat.api.errors import ApiFailure

_log = structlog.get_logger(__name__)


class Dispatcher:
    """Delivers chunks of rows, in any number of workers at once: a row is sent by whoever claims it."""

    def __init__(
        self,
        database: Database,
        pipe: SendLoop,
        outlet: Outlet,
        leases: Leases,
        *,
        clock: Clock,
        real_clock: Clock,
        metrics: DeliveryMetrics,
        timing: Timing,
    ) -> None:
        self._database = database
        self._taking = ChunkLoader(database, outlet, clock=clock, real_clock=real_clock, timing=timing)
        self._pipe = pipe
        self._leases = leases
        self._outlet = outlet
        self._clock = clock
        self._metrics = metrics
        self._timing = timing

    async def deliver(self, ids: Collection[int]) -> int:
        """Send what of these rows is still free and due; how many rows that was.

        Returns when each of them is settled or put off, and the ledger says so.
        """
        run, claimed_at = secrets.token_hex(8), time.monotonic()
        with self._leases.held(run):
            taken = await self._taking.chunk(ids, run)
            if len(taken.rows) < len(ids):
                await self._database.run_in_write_transaction(partial(unqueue, ids=ids))
            if not taken.rows:
                return 0
            sorting = await self._sort(taken, run, claimed_at)
            await self._write(sorting)
            self._pipe.submit(sorting.messages)
            await self._pipe.written(sorting.chunk)
        return len(taken.rows)

    async def _sort(self, taken: LoadedChunk, run: str, claimed_at: float) -> Sorting:
        now = self._clock()
        composer = Composer(self._outlet, now.astimezone(SHANGHAI).date())
        sorting = Sorting(composer, taken, now=now, claimed_at=claimed_at, timing=self._timing)
        gatherers = sorting.gatherers()
        if gatherers:
            taken.add(await self._taking.of_members(gatherers, run))
        await sorting.sort()
        return sorting

    async def _write(self, sorting: Sorting) -> None:
        if not sorting.settlements and not sorting.deferred:
            return
        now = self._clock()

        def work(connection: Connection) -> None:
            settle(connection, sorting.settlements, now)
            for (until, reason), rows in sorted(sorting.deferred.items()):
                defer(connection, rows, until, reason)

        await self._database.run_in_write_transaction(work)
        self._metrics.count(settlement.state for settlement in sorting.settlements)


def asks_openid(outlet: Outlet) -> Callable[[str], Awaitable[Verdict]]:
    """What user/info says of an openid that WeChat refused (40003): asked once, believed."""

    async def ask(openid: str) -> Verdict:
        try:
            follows = (await outlet.client.user_info(openid)).get("subscribe") == 1
        except ApiFailure as failure:
            _log.warning("openid_not_known", api=failure.api)
            follows = False
        if follows:
            return Verdict(State.FAILED, "微信暂不接受该用户，请稍后重试", 40003)
        return Verdict(State.UNREACHABLE, NOT_OURS, 40003, unfollowed=True)

    return ask
