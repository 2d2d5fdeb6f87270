"""Which way each message of a chunk takes, and the message itself."""

from collections.abc import Sequence
from datetime import datetime

from alerts.channels.choice import ways
from alerts.channels.verdicts import Verdict
from alerts.delivery.compose import Composer
from alerts.delivery.load_chunk import LoadedChunk
from alerts.model.channel import Channel, Reach, up_to
from alerts.model.recipients import Person
from alerts.model.row_states import Row, State
from alerts.sending.message import Chunk, Message


class Routing:
    """Makes the messages of one chunk.

    A message refers to it, to take another way; so it refers to none: what refers to itself stays in memory
    until the collector's next walk.
    """

    def __init__(self, composer: Composer, taken: LoadedChunk) -> None:
        self.chunk = Chunk()
        self._composer = composer
        self._campaigns, self._closed = taken.campaigns, taken.closed
        self._ways: dict[tuple[int, Reach, frozenset[Channel]], Channel] = {}

    def way(self, row: Row, person: Person, tried: frozenset[Channel] = frozenset()) -> Channel:
        """The best way that is open to the member and whose API WeChat has not closed for everyone."""
        closed = tried | up_to(row.refused) if row.refused else tried
        key = (row.campaign_id, person.reach, closed)
        found = self._ways.get(key)
        if found is None:  # most members of a campaign have the same ways open
            offered = self._composer.offer(self._campaigns[row.campaign_id])
            possible = ways(offered, person.reach, closed)
            found = self._ways[key] = next(way for way in possible if way not in self._closed)
        return found

    def reopens_at(self, row: Row, person: Person) -> datetime | None:
        """When a way that WeChat has closed for everyone opens again, if that is before the row expires."""
        campaign = self._campaigns[row.campaign_id]
        shut = [
            self._closed[way]
            for way in ways(self._composer.offer(campaign), person.reach, up_to(row.refused))
            if way in self._closed
        ]
        if not shut or (campaign.expires_at is not None and min(shut) >= campaign.expires_at):
            return None
        return min(shut)

    def message(self, rows: list[Row], person: Person, channel: Channel) -> Message | None:
        """What brings these rows to their member; None where the channel sends nothing."""
        campaigns = [self._campaigns[row.campaign_id] for row in rows]
        letter = self._composer.letter(campaigns, channel)
        if letter is None:
            return None
        call = letter.to(person, campaigns[0].client_id(person.id, rows[0].failed_id))
        return Message(
            campaigns[0],
            rows,
            [person],
            channel,
            call,
            self.chunk,
            self.reroute,
            template_id=letter.template_id,
            lasting=letter.lasting,
        )

    def mass_message(self, rows: list[Row], people: Sequence[Person]) -> Message:
        """What brings a campaign to a list."""
        campaign = self._campaigns[rows[0].campaign_id]
        client_id = campaign.client_id(rows[0].member_id, rows[0].failed_id)
        call = self._composer.compose_mass(campaign, people, client_id)
        return Message(campaign, rows, people, Channel.MASS, call, self.chunk, self.reroute)

    def reroute(self, message: Message) -> Message | Verdict:
        """The same rows by the next way; the verdict where only the inbox is left."""
        person = message.people[0]
        channel = self.way(message.rows[0], person, message.closed)
        following = self.message(message.rows, person, channel)
        if following is None:
            return Verdict(State.INBOX)
        following.closed, following.refusal = message.closed, message.refusal
        return following
