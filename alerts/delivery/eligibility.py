"""Which rows of a claimed chunk may go now; the others are settled or put off.

The rules, in this order:

1. A row of unknown fate goes again by its own channel while WeChat remembers the message, if it has not expired and its
   member still wants it. Else it stays unknown. Rules 2 to 8 do not apply to it.
2. An expired row is skipped.
3. A member who unfollowed gets nothing.
4. A row is skipped if its member no longer wants it, or heard of the same window today.
5. A row waits while another alert of the same window is on its way to the member.
6. A row of a mass send is skipped if its member paused, or WeChat delivers no more mass sends to the member this month. It
   does not wait for quiet hours, because one call reaches everybody.
7. Any other row goes to the inbox if its member paused, or takes deadlines only and the row is no deadline. A decision on a
   member's own company is sent all the same.
8. Any other row waits until the member's quiet hours end.

The function reads and writes no database: `load_chunk` has loaded all it needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.delivery.decisions import Decisions
from alerts.delivery.load_chunk import LoadedChunk
from alerts.delivery.once_a_day import WAIT
from alerts.model.channel import Channel
from alerts.model.recipients import Person
from alerts.model.rows.quiet_hours import after_quiet_hours, kept_back
from alerts.model.rows.row_reasons import (
    EXPIRED,
    MASS_FULL,
    NO_ANSWER,
    ON_ITS_WAY,
    PAUSED_MASS,
    QUIET,
    UNFOLLOWED,
)
from alerts.model.rows.row_states import ClaimedRow, RowState, Timing
from storage.clock import day_of


@dataclass(frozen=True, slots=True)
class Repeat:
    """Rows of one message of unknown fate, to be sent again under the same id.

    Attributes:
        rows: the row whose id the message carried comes first.
        remembered_s: seconds, from the claim on, for which WeChat surely remembers the message.
    """

    rows: list[ClaimedRow]
    people: list[Person]
    channel: Channel
    remembered_s: float


@dataclass(slots=True)
class Eligible:
    """The rows that may go.

    Attributes:
        repeats: messages of unknown fate.
        lists: rows of mass sends by list, one entry a campaign.
        members: all other rows, one entry a member.
    """

    repeats: list[Repeat] = field(default_factory=list)
    lists: list[list[ClaimedRow]] = field(default_factory=list)
    members: list[list[ClaimedRow]] = field(default_factory=list)


def eligible(chunk: LoadedChunk, decisions: Decisions, now: datetime, timing: Timing) -> Eligible:
    """Return the rows of a chunk that may go at this business instant; what becomes of the others goes to `decisions`."""
    rules = _Rules(chunk, decisions, now, timing)
    doubtful: dict[int, list[ClaimedRow]] = {}
    lists: dict[int, list[ClaimedRow]] = {}
    members: dict[int, list[ClaimedRow]] = {}
    for row in chunk.rows:
        if row.doubt_s is not None:
            doubtful.setdefault(row.lead_id or row.id, []).append(row)
        elif rules.may_go(row):
            if chunk.is_mass(row):
                lists.setdefault(row.campaign_id, []).append(row)
            else:
                members.setdefault(row.member_id, []).append(row)
    found = Eligible(lists=list(lists.values()), members=list(members.values()))
    for lead_id, rows in doubtful.items():
        repeat = rules.repeat(lead_id, rows)
        if repeat is not None:
            found.repeats.append(repeat)
        else:
            decisions.settle(rows, RowState.UNKNOWN, NO_ANSWER)
    return found


class _Rules:
    def __init__(self, chunk: LoadedChunk, decisions: Decisions, now: datetime, timing: Timing) -> None:
        self._chunk, self._decisions, self._now, self._timing = chunk, decisions, now, timing

    def may_go(self, row: ClaimedRow) -> bool:
        chunk, decisions = self._chunk, self._decisions
        person = chunk.persons.get(row.member_id)
        if self._has_expired(row):
            decisions.settle([row], RowState.SKIPPED, EXPIRED)
        elif person is None or not person.following:
            decisions.settle([row], RowState.UNREACHABLE, UNFOLLOWED)
        elif row.id in chunk.unwanted:
            decisions.settle([row], RowState.SKIPPED, chunk.unwanted[row.id])
        elif row.id in chunk.waiting:
            decisions.defer(row, self._now + WAIT, ON_ITS_WAY)
        elif chunk.is_mass(row):
            return self._has_room(row, person)
        elif kept := self._kept_back(row, person):
            decisions.settle([row], RowState.INBOX, kept)
        else:
            return self._goes_unless_quiet(row, person)
        return False

    def _kept_back(self, row: ClaimedRow, person: Person) -> str:
        kind = self._chunk.campaigns[row.campaign_id].kind
        return kept_back(kind, person.preferences, day_of(self._now))

    def _has_room(self, row: ClaimedRow, person: Person) -> bool:
        """Whether the member has not paused, and WeChat still delivers a mass send to them this month."""
        if person.preferences.is_paused(day_of(self._now)):
            self._decisions.settle([row], RowState.SKIPPED, PAUSED_MASS)
            return False
        if row.member_id in self._chunk.full:
            self._decisions.settle([row], RowState.SKIPPED, MASS_FULL)
            return False
        return True

    def _goes_unless_quiet(self, row: ClaimedRow, person: Person) -> bool:
        """Whether no quiet hours hold the row; else it is put off until they end."""
        wakes = after_quiet_hours(person.preferences, self._now)
        if wakes > self._now:
            self._decisions.defer(row, wakes, QUIET)
            return False
        return True

    def repeat(self, lead_id: int, rows: list[ClaimedRow]) -> Repeat | None:
        """Return the same message under the same id. Return None if WeChat may have forgotten it, or nobody wants it now."""
        rows.sort(key=lambda row: (row.id != lead_id, row.id))
        lead = rows[0]
        channel = Channel(lead.channel or Channel.INBOX)
        memory_s = self._timing.mass_remembered_s if channel is Channel.MASS else self._timing.remembered_s
        remembered_s = memory_s - (lead.doubt_s or 0)
        people = [self._chunk.persons[row.member_id] for row in rows if row.member_id in self._chunk.persons]
        remembered = channel.remembered and remembered_s > 0 and lead.id == lead_id
        if not (remembered and people and self._is_wanted(rows)):
            return None
        return Repeat(rows, people, channel, remembered_s)

    def _is_wanted(self, rows: Sequence[ClaimedRow]) -> bool:
        return any(row.id not in self._chunk.unwanted and not self._has_expired(row) for row in rows)

    def _has_expired(self, row: ClaimedRow) -> bool:
        expires_at = self._chunk.campaigns[row.campaign_id].expires_at
        return expires_at is not None and expires_at <= self._now
