"""Makes the messages of a chunk: the list of ways of each, and the letter of its first way."""

import asyncio
from collections.abc import Sequence
from datetime import date

from alerts.channels.inbox.channel import keep_in_inbox
from alerts.channels.mass.channel import FEWEST, call_for_list
from alerts.delivery.compose import Composer
from alerts.delivery.decisions import Decisions
from alerts.delivery.eligibility import Eligible, Repeat
from alerts.delivery.load_chunk import LoadedChunk
from alerts.model.channel import Channel
from alerts.model.recipients import Person
from alerts.model.rows.row_reasons import DAY_SPENT, NO_ANSWER
from alerts.model.rows.row_states import ClaimedRow, RowState
from alerts.sending.message import ChunkProgress, Message
from subscriptions.members.preferences import Digest

_A_TURN = 32
"""Members whose messages are made before other tasks of the event loop get their turn."""


async def route(
    loaded: LoadedChunk, eligible: Eligible, decisions: Decisions, *, claimed_at: float
) -> list[Message]:
    """Return the messages that bring the eligible rows; rows without an open channel go to `decisions`.

    Args:
        loaded: the claimed rows, and what is known of them.
        eligible: those that may go.
        decisions: gets what is settled or put off.
        claimed_at: `time.monotonic()` just before the rows were claimed.
    """
    router = _Router(loaded, decisions, claimed_at)
    for repeat in eligible.repeats:
        router.repeat(repeat)
    for rows in eligible.lists:
        router.mass(rows)
    for number, rows in enumerate(eligible.members, 1):
        router.member(rows)
        if number % _A_TURN == 0:
            await asyncio.sleep(0)
    return router.messages


class _Router:
    def __init__(self, loaded: LoadedChunk, decisions: Decisions, claimed_at: float) -> None:
        self.messages: list[Message] = []
        self._chunk = ChunkProgress()
        self._loaded, self._decisions, self._claimed_at = loaded, decisions, claimed_at
        self._campaigns, self._choice = loaded.campaigns, loaded.choice
        self._composer = Composer(loaded.choice)

    def repeat(self, repeat: Repeat) -> None:
        """Repeat the same message under the same id for rows of unknown fate, while WeChat surely remembers it."""
        rows, lead = repeat.rows, repeat.rows[0]
        if repeat.channel is Channel.MASS:
            message = self._to_list(rows, repeat.people)
        else:
            campaigns = [self._campaigns[row.campaign_id] for row in rows]
            ways = self._composer.ways(campaigns, (repeat.channel,))
            if not ways:  # its template is no longer set
                self._decisions.settle(rows, RowState.UNKNOWN, NO_ANSWER)
                return
            message = Message.to_member(
                self._campaigns[lead.campaign_id], rows, repeat.people[0], ways, chunk=self._chunk
            )
        message.last_call = self._claimed_at + repeat.remembered_s
        self.messages.append(message)

    def mass(self, rows: list[ClaimedRow]) -> None:
        """Send by list if there are two members or more. A single row goes like any other message."""
        if len(rows) < FEWEST:
            self.member(rows)
            return
        rows.sort(key=lambda row: row.id)
        self.messages.append(self._to_list(rows, [self._loaded.persons[row.member_id] for row in rows]))

    def member(self, rows: list[ClaimedRow]) -> None:
        """Make one member's messages: one for each row by template, the rest gathered into one for each channel."""
        if len(rows) > 1:
            rows.sort(key=lambda row: (self._campaigns[row.campaign_id].closes_on or date.max, row.id))
        person = self._loaded.persons[rows[0].member_id]
        gathered: dict[Channel, list[ClaimedRow]] = {}
        for row in rows:
            channel = self._ways(row, person)[0]
            if self._composer.one_alert_each(channel) and person.preferences.digest is Digest.NONE:
                self._send_or_keep([row], person)
            else:
                gathered.setdefault(channel, []).append(row)
        for together in gathered.values():
            self._send_or_keep(together, person)

    def _ways(self, row: ClaimedRow, person: Person) -> tuple[Channel, ...]:
        return self._choice.ways(self._campaigns[row.campaign_id], person.reach, row.refused)

    def _send_or_keep(self, rows: list[ClaimedRow], person: Person) -> None:
        """Send these rows in one message by the channels of the first. Without a channel, each waits or goes to the inbox."""
        campaigns = [self._campaigns[row.campaign_id] for row in rows]
        ways = self._composer.ways(campaigns, self._ways(rows[0], person))
        if ways:
            self.messages.append(Message.to_member(campaigns[0], rows, person, ways, chunk=self._chunk))
            return
        for row in rows:
            reopens = self._choice.reopens_at(self._campaigns[row.campaign_id], person.reach, row.refused)
            if reopens is not None:
                self._decisions.defer(row, reopens, DAY_SPENT)
            else:
                self._decisions.settlements.append(keep_in_inbox(row))

    def _to_list(self, rows: list[ClaimedRow], people: Sequence[Person]) -> Message:
        """Return the mass send that brings a campaign to a list."""
        campaign = self._campaigns[rows[0].campaign_id]
        client_id = campaign.client_id(rows[0].member_id, rows[0].failed_id)
        call = call_for_list(self._choice.outlet, campaign, people, self._choice.today, client_id)
        return Message(campaign, rows, people, Channel.MASS, call, self._chunk)
