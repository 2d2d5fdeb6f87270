"""Loads a chunk: claims its rows, and reads all that the later steps need, in one transaction.

Where some of the members gather several alerts in one message, their other due rows are claimed in a second one.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from alerts.channels.api_holds import held_apis
from alerts.channels.choice import ChannelChoice
from alerts.channels.mass import jobs
from alerts.channels.outlet import Outlet
from alerts.delivery.once_a_day import once_a_day
from alerts.delivery.preference_recheck import withdrawn
from alerts.ledger.claim import claim, claim_of_members, claim_together
from alerts.model import recipients
from alerts.model.campaigns.campaign_cache import CachedCampaign, CampaignCache
from alerts.model.channel import Channel
from alerts.model.recipients import Person
from alerts.model.rows.row_states import ClaimedRow, Timing
from storage.clock import Clock, day_of
from storage.sql.database import Database
from subscriptions.members.preferences import Digest


@dataclass(slots=True)
class LoadedChunk:
    """Claimed rows, and what is known of them.

    Attributes:
        claimed: how many of the chunk's own rows were claimed; rows of its members may have been added.
        campaigns: by id.
        persons: the rows' members, by id.
        choice: chooses the channels of each row.
        full: members whom no more mass sends reach this month.
        unwanted: ids of rows whose member no longer wants them or heard of the window today, and why.
        waiting: ids of rows that wait until another row's fate is known.
    """

    rows: list[ClaimedRow]
    claimed: int
    campaigns: dict[int, CachedCampaign]
    persons: dict[int, Person]
    choice: ChannelChoice
    full: Collection[int]
    unwanted: dict[int, str]
    waiting: set[int]

    def is_mass(self, row: ClaimedRow) -> bool:
        """Whether the row's campaign goes by mass send."""
        return self.campaigns[row.campaign_id].channel == Channel.MASS

    def gatherers(self) -> set[int]:
        """Return the members whose other due alerts go into the same message.

        They asked for a digest, or their message is a customer-service text. WeChat allows only a few of these.
        """
        return {row.member_id for row in self.rows if row.doubt_s is None and self._gathers(row)}

    def _gathers(self, row: ClaimedRow) -> bool:
        person = self.persons.get(row.member_id)
        if person is None or self.is_mass(row):
            return False
        if person.preferences.digest is not Digest.NONE:
            return True
        campaign = self.campaigns[row.campaign_id]
        return self.choice.ways(campaign, person.reach, row.refused)[0] is Channel.CUSTOM

    def add(self, more: "LoadedChunk") -> None:
        """Add rows that were claimed to go out in the same messages."""
        self.rows += more.rows
        self.campaigns |= more.campaigns
        self.persons |= more.persons
        self.unwanted |= more.unwanted
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

    async def load(self, ids: Collection[int], run: str) -> LoadedChunk:
        """Load those of these rows that are still free and due, and all that go out with them.

        Args:
            ids: rows of the ledger.
            run: names this claim in the ledger.
        """
        now = self._clock()
        chunk = await self._load(lambda connection: self._claim(connection, ids, run, now), now)
        gatherers = chunk.gatherers()
        if gatherers:
            chunk.add(
                await self._load(
                    lambda connection: claim_of_members(connection, gatherers, run, now, self._timing), now
                )
            )
        return chunk

    def _claim(
        self, connection: Connection, ids: Collection[int], run: str, now: datetime
    ) -> list[ClaimedRow]:
        """Return the chunk's rows, and the rows that left in the same messages as those of unknown fate."""
        own = claim(connection, ids, run, now, self._timing)
        leads = [row for row in own if row.lead_id == row.id]
        return own + claim_together(connection, leads, run, self._timing)

    async def _load(self, claimed: Callable[[Connection], list[ClaimedRow]], now: datetime) -> LoadedChunk:
        real_now = self._real_clock()

        def work(connection: Connection) -> LoadedChunk:
            rows = claimed(connection)
            campaigns = self._campaigns.load(connection, {row.campaign_id for row in rows})
            notifications = self._outlet.templates.notification_ids
            persons = recipients.load(connection, {row.member_id for row in rows}, notifications, real_now)
            today = once_a_day(connection, rows, self._campaigns, persons, now)
            held = held_apis(connection, now)
            return LoadedChunk(
                rows,
                len(rows),
                campaigns,
                persons,
                ChannelChoice(self._outlet, day_of(now), held),
                self._full(connection, rows, campaigns, now),
                {**today.skipped, **withdrawn(connection, rows, campaigns, persons)},
                today.waiting,
            )

        return await self._database.run_in_write_transaction(work)

    def _full(
        self,
        connection: Connection,
        rows: Collection[ClaimedRow],
        campaigns: Mapping[int, CachedCampaign],
        now: datetime,
    ) -> Collection[int]:
        ids = {row.member_id for row in rows if campaigns[row.campaign_id].channel == Channel.MASS}
        limit = self._outlet.account.mass_sends_per_fan_a_month
        return jobs.full(connection, ids, limit, now) if ids and limit else ()
