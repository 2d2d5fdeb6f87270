"""Each row of a claimed chunk becomes part of a message, is settled without one, or is put off.

The rules, in order: a row of unknown fate goes again by its own way or not at all; what has expired is
skipped; who left is not written to, nor who no longer wants it or heard of the window today; quiet hours
defer; then the best way that is
open, alerts of one member gathered where they asked for it or where it saves their customer-service allowance.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from alerts.channels.mass import jobs
from alerts.delivery.compose import Composer
from alerts.delivery.load_chunk import LoadedChunk
from alerts.delivery.once_a_day import WAIT
from alerts.delivery.route import Routing
from alerts.model.campaign_cache import CachedCampaign
from alerts.model.channel import REMEMBERED, Channel
from alerts.model.quiet_hours import after_quiet_hours
from alerts.model.recipients import Person
from alerts.model.row_reasons import DAY_SPENT, EXPIRED, MASS_FULL, NO_ANSWER, ON_ITS_WAY, QUIET, UNFOLLOWED
from alerts.model.row_states import Row, Settlement, State, Timing
from alerts.sending.message import Message, kept_in_inbox
from subscriptions.members.preferences import Digest

_A_TURN = 32
"""Members a turn of the event loop."""
_ONE_EACH = (Channel.TEMPLATE, Channel.SUBSCRIBE)
"""A message of these brings one alert."""


class Sorting:
    """Sorts the rows of one chunk; what came of it stands in `messages`, `settlements` and `deferred`.

    Args:
        taken: may be added to until `sort` is called.
        now: business time.
        claimed_at: `time.monotonic()` just before the rows were claimed.
    """

    def __init__(
        self, composer: Composer, taken: LoadedChunk, *, now: datetime, claimed_at: float, timing: Timing
    ) -> None:
        self.messages: list[Message] = []
        self.settlements: list[Settlement] = []
        self.deferred: dict[tuple[datetime, str], list[Row]] = {}
        self._routing = Routing(composer, taken)
        self.chunk = self._routing.chunk
        self._taken = taken
        self._campaigns, self._persons = taken.campaigns, taken.persons
        self._now, self._claimed_at, self._timing = now, claimed_at, timing

    def gatherers(self) -> set[int]:
        """Members whose other due alerts belong into the same message."""
        return {row.member_id for row in self._taken.rows if row.doubt_s is None and self._gathers(row)}

    def _gathers(self, row: Row) -> bool:
        person = self._persons.get(row.member_id)
        if person is None or self._campaigns[row.campaign_id].channel == Channel.MASS:
            return False
        return (
            person.preferences.digest is not Digest.NONE or self._routing.way(row, person) is Channel.CUSTOM
        )

    async def sort(self) -> None:
        """Sort every row; others get their turn in between, for a chunk takes longer than an answer."""
        doubtful: dict[int, list[Row]] = {}
        fresh: dict[int, list[Row]] = {}
        masses: dict[int, list[Row]] = {}
        for row in self._taken.rows:
            if row.doubt_s is not None:
                doubtful.setdefault(row.lead_id or row.id, []).append(row)
            elif self._may_go(row):
                by_list = self._campaigns[row.campaign_id].channel == Channel.MASS
                group, key = (masses, row.campaign_id) if by_list else (fresh, row.member_id)
                group.setdefault(key, []).append(row)
        for lead_id, each in doubtful.items():
            self._repeat(lead_id, each)
        for each in masses.values():
            self._mass(each)
        for number, each in enumerate(fresh.values(), 1):
            self._route(each)
            if number % _A_TURN == 0:
                await asyncio.sleep(0)

    def _may_go(self, row: Row) -> bool:
        person, campaign = self._persons.get(row.member_id), self._campaigns[row.campaign_id]
        if self._has_expired(row):
            self._settle([row], State.SKIPPED, EXPIRED)
        elif person is None or not person.following:
            self._settle([row], State.UNREACHABLE, UNFOLLOWED)
        elif row.id in self._taken.withdrawn:
            self._settle([row], State.SKIPPED, self._taken.withdrawn[row.id])
        elif row.id in self._taken.waiting:
            self._defer(row, self._now + WAIT, ON_ITS_WAY)
        else:
            return self._is_time(row, person, campaign)
        return False

    def _is_time(self, row: Row, person: Person, campaign: CachedCampaign) -> bool:
        if campaign.channel == Channel.MASS:
            if person.id in self._taken.full:
                self._settle([row], State.SKIPPED, MASS_FULL)
            return person.id not in self._taken.full
        wakes = after_quiet_hours(person.preferences, self._now)
        if wakes > self._now:
            self._defer(row, wakes, QUIET)
        return wakes <= self._now

    def _repeat(self, lead_id: int, rows: list[Row]) -> None:
        """Rows of unknown fate: the same message under the same id, while WeChat surely remembers it."""
        rows.sort(key=lambda row: (row.id != lead_id, row.id))
        lead = rows[0]
        channel = Channel(lead.channel or Channel.INBOX)
        lasts = self._timing.mass_remembered_s if channel is Channel.MASS else self._timing.remembered_s
        known = [self._persons[row.member_id] for row in rows if row.member_id in self._persons]
        remembered = channel in REMEMBERED and (lead.doubt_s or 0) < lasts and lead.id == lead_id
        message = None
        if remembered and known and self._still_wanted(rows):
            message = self._repeated(rows, known, channel)
        if message is None:
            self._settle(rows, State.UNKNOWN, NO_ANSWER)
        else:
            message.last_call = self._claimed_at + lasts - (lead.doubt_s or 0)
            self.messages.append(message)

    def _still_wanted(self, rows: Sequence[Row]) -> bool:
        return any(row.id not in self._taken.withdrawn and not self._has_expired(row) for row in rows)

    def _has_expired(self, row: Row) -> bool:
        expires_at = self._campaigns[row.campaign_id].expires_at
        return expires_at is not None and expires_at <= self._now

    def _repeated(self, rows: list[Row], people: list[Person], channel: Channel) -> Message | None:
        if channel is Channel.MASS:
            return self._routing.mass_message(rows, people)
        return self._routing.message(rows, people[0], channel)

    def _mass(self, rows: list[Row]) -> None:
        """A mass send by list takes two and more; one alone goes as any other message."""
        if len(rows) < jobs.FEWEST:
            self._route(rows)
            return
        rows.sort(key=lambda row: row.id)
        self.messages.append(self._routing.mass_message(rows, [self._persons[row.member_id] for row in rows]))

    def _route(self, rows: list[Row]) -> None:
        """Fresh rows of one member: a template message each, the rest gathered into one message."""
        if len(rows) > 1:
            rows.sort(key=lambda row: (self._campaigns[row.campaign_id].closes_on or date.max, row.id))
        person = self._persons[rows[0].member_id]
        gathered: dict[Channel, list[Row]] = {}
        for row in rows:
            way = self._routing.way(row, person)
            if way in _ONE_EACH and person.preferences.digest is Digest.NONE:
                self._send_or_keep([row], person, way)
            else:
                gathered.setdefault(way, []).append(row)
        for way, together in gathered.items():
            self._send_or_keep(together, person, way)

    def _send_or_keep(self, rows: list[Row], person: Person, way: Channel) -> None:
        message = self._routing.message(rows, person, way)
        if message is not None:
            self.messages.append(message)
            return
        for row in rows:
            reopens = self._routing.reopens_at(row, person)
            if reopens is not None:
                self._defer(row, reopens, DAY_SPENT)
            else:
                self.settlements.append(kept_in_inbox(row))

    def _settle(self, rows: Sequence[Row], state: State, reason: str) -> None:
        self.settlements += [
            Settlement(
                row,
                state,
                reason,
                channel=row.channel if state is State.UNKNOWN else None,
                attempts=row.attempts,
            )
            for row in rows
        ]

    def _defer(self, row: Row, until: datetime, reason: str) -> None:
        self.deferred.setdefault((until, reason), []).append(row)
