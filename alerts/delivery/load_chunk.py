"""A chunk's rows, claimed, and all that has to be known to send them: one trip to the database."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from alerts.channels.api_holds import closed_apis
from alerts.channels.mass import jobs
from alerts.delivery.compose import Outlet
from alerts.delivery.once_a_day import once_a_day
from alerts.delivery.preference_recheck import withdrawn
from alerts.ledger.claim import claim, claim_followers, claim_of_members
from alerts.model import recipients
from alerts.model.campaign_cache import CachedCampaign, CampaignCache
from alerts.model.channel import Channel
from alerts.model.recipients import Person
from alerts.model.row_states import Row, Timing
from storage.clock import Clock
from storage.sql.database import Database


@dataclass(slots=True)
class LoadedChunk:
    """Claimed rows.

    Attributes:
        closed: APIs that WeChat has closed for everyone, and until when.
        full: members whom no more mass sends reach this month.
        withdrawn: rows whose member no longer wants them or heard of the window today, and why.
        waiting: rows that wait until another one's fate is known.
    """

    rows: list[Row]
    campaigns: dict[int, CachedCampaign]
    persons: dict[int, Person]
    closed: Mapping[Channel, datetime]
    full: Collection[int]
    withdrawn: dict[int, str]
    waiting: set[int]

    def add(self, more: "LoadedChunk") -> None:
        """Rows that were claimed to go out in the same messages."""
        self.rows += more.rows
        self.campaigns |= more.campaigns
        self.persons |= more.persons
        self.withdrawn |= more.withdrawn
        self.waiting |= more.waiting


class ChunkLoader:
    """Claims rows for one worker."""

    def __init__(
        self, database: Database, outlet: Outlet, *, clock: Clock, real_clock: Clock, timing: Timing
    ) -> None:
        self._database = database
        self._outlet = outlet
        self._clock, self._real_clock = clock, real_clock
        self._timing = timing
        self._campaigns = CampaignCache()

    async def chunk(self, ids: Collection[int], run: str) -> LoadedChunk:
        """Those of these rows that are still free and due, and those that go again with them."""
        now = self._clock()

        def rows(connection: Connection) -> list[Row]:
            own = claim(connection, ids, run, now, self._timing)
            leads = [row for row in own if row.lead_id == row.id]
            return own + claim_followers(connection, leads, run, self._timing)

        return await self._take(rows, now)

    async def of_members(self, member_ids: Collection[int], run: str) -> LoadedChunk:
        """Every other row that is due for these members."""
        now = self._clock()
        return await self._take(
            lambda connection: claim_of_members(connection, member_ids, run, now, self._timing), now
        )

    async def _take(self, claimed: Callable[[Connection], list[Row]], now: datetime) -> LoadedChunk:
        real_now = self._real_clock()

        def work(connection: Connection) -> LoadedChunk:
            rows = claimed(connection)
            campaigns = self._campaigns.load(connection, {row.campaign_id for row in rows})
            notifications = self._outlet.templates.notification_ids
            persons = recipients.load(connection, {row.member_id for row in rows}, notifications, real_now)
            today = once_a_day(connection, rows, self._campaigns, persons, now)
            return LoadedChunk(
                rows,
                campaigns,
                persons,
                closed_apis(connection, now),
                self._full(connection, rows, campaigns, now),
                {**today.skipped, **withdrawn(connection, rows, campaigns, persons)},
                today.waiting,
            )

        return await self._database.run_in_write_transaction(work)

    def _full(
        self,
        connection: Connection,
        rows: Collection[Row],
        campaigns: Mapping[int, CachedCampaign],
        now: datetime,
    ) -> Collection[int]:
        ids = {row.member_id for row in rows if campaigns[row.campaign_id].channel == Channel.MASS}
        limit = self._outlet.account.mass_sends_per_fan_a_month
        return jobs.full(connection, ids, limit, now) if ids and limit else ()
