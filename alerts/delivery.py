"""Delivery of a chunk: claims its rows, sorts them, hands the messages to the pipe, waits until all is written."""

import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from alerts import ledger, mass, people
from alerts.briefs import Brief, Briefs
from alerts.channels import Channel
from alerts.closures import closed_apis
from alerts.composing import Composer, Outlet
from alerts.ledger import Row, State, Timing
from alerts.metrics import DeliveryMetrics
from alerts.outcomes import Verdict
from alerts.people import Person
from alerts.pipe import Pipe
from alerts.sorting import Sorting
from storage.clock import SHANGHAI, Clock
from storage.database import Database
from wechat.errors import ApiFailure

NOT_OURS = "openid 不属于本公众号或已取消关注"
_log = structlog.get_logger(__name__)


class Deliverer:
    """Delivers chunks of rows, in any number of workers at once: a row is sent by whoever claims it."""

    def __init__(
        self,
        database: Database,
        pipe: Pipe,
        outlet: Outlet,
        *,
        clock: Clock,
        real_clock: Clock,
        metrics: DeliveryMetrics,
        timing: Timing,
    ) -> None:
        self._database = database
        self._pipe = pipe
        self._outlet = outlet
        self._clock, self._real_clock = clock, real_clock
        self._metrics = metrics
        self._timing = timing
        self._briefs = Briefs()

    async def deliver(self, ids: Collection[int]) -> int:
        """Send what of these rows is still free and due; how many rows that was.

        Returns when each of them is settled or put off, and the ledger says so.
        """
        run, claimed_at = secrets.token_hex(8), time.monotonic()
        rows = await self._claim(ids, run)
        if not rows:
            return 0
        sorting, rows = await self._sort(rows, run, claimed_at)
        await self._write(sorting)
        self._pipe.submit(sorting.messages)
        await sorting.chunk.wait()
        return len(rows)

    async def _claim(self, ids: Collection[int], run: str) -> list[Row]:
        async with self._database.write() as session:
            rows = await ledger.claim(session, ids, run, self._clock(), self._timing)
            leads = [row for row in rows if row.lead_id == row.id]
            return rows + await ledger.claim_followers(session, leads, run, self._timing)

    async def _sort(self, rows: list[Row], run: str, claimed_at: float) -> tuple[Sorting, list[Row]]:
        now = self._clock()
        async with self._database.read() as session:
            persons = await self._people(session, rows)
            closed = await closed_apis(session, now)
            briefs = await self._briefs.load(session, {row.campaign_id for row in rows})
            full = await self._full(session, rows, briefs)
        composer = Composer(self._outlet, now.astimezone(SHANGHAI).date())
        sorting = Sorting(
            composer,
            briefs,
            persons,
            closed=closed,
            full=full,
            now=now,
            claimed_at=claimed_at,
            timing=self._timing,
        )
        gatherers = sorting.gatherers(rows)
        if gatherers:
            async with self._database.write() as session:
                more = await ledger.claim_of_members(session, gatherers, run, now, self._timing)
                briefs |= await self._briefs.load(session, {row.campaign_id for row in more})
            rows = rows + more
        sorting.sort(rows)
        return sorting, rows

    async def _people(self, session: AsyncSession, rows: Sequence[Row]) -> dict[int, Person]:
        ids = {row.member_id for row in rows}
        return await people.load(session, ids, self._outlet.templates.notification_ids, self._real_clock())

    async def _full(
        self, session: AsyncSession, rows: Sequence[Row], briefs: Mapping[int, Brief]
    ) -> set[int]:
        ids = {row.member_id for row in rows if briefs[row.campaign_id].channel == Channel.MASS}
        limit = self._outlet.account.mass_sends_per_fan_a_month
        return await mass.full(session, ids, limit, self._clock()) if ids and limit else set()

    async def _write(self, sorting: Sorting) -> None:
        if not sorting.settlements and not sorting.deferred:
            return
        async with self._database.write() as session:
            await ledger.settle(session, sorting.settlements, self._clock())
            for (until, reason), rows in sorted(sorting.deferred.items()):
                await ledger.defer(session, rows, until, reason)
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
