"""The letters of a chunk: what some alerts say by one channel is composed once, and only when it is sent."""

from collections.abc import Sequence

from alerts.channels.choice import CHANNELS, ChannelChoice
from alerts.channels.member_channel import Letter, Way
from alerts.model.campaigns.campaign_cache import CachedCampaign
from alerts.model.channel import Channel


class Composer:
    """Makes the lists of ways for the messages of one chunk."""

    def __init__(self, choice: ChannelChoice) -> None:
        self._choice = choice
        self._lists: dict[tuple[tuple[Channel, ...], tuple[int, ...]], tuple[Way, ...]] = {}
        self._ways: dict[tuple[Channel, tuple[int, ...]], Way | None] = {}

    def ways(self, campaigns: Sequence[CachedCampaign], channels: tuple[Channel, ...]) -> tuple[Way, ...]:
        """These alerts by each of these channels, in the same order. The inbox is left out, for it sends nothing."""
        ids = tuple([campaign.id for campaign in campaigns])
        found = self._lists.get((channels, ids))
        if found is None:
            each = [self._way(campaigns, channel, ids) for channel in channels if channel in CHANNELS]
            found = self._lists[channels, ids] = tuple([way for way in each if way is not None])
        return found

    def one_alert_each(self, channel: Channel) -> bool:
        """Whether a message of this channel carries one alert."""
        return channel in CHANNELS and CHANNELS[channel].one_alert_each

    def _way(self, campaigns: Sequence[CachedCampaign], channel: Channel, ids: tuple[int, ...]) -> Way | None:
        if (channel, ids) not in self._ways:
            template = self._choice.offer(campaigns[0]).templates.get(channel)
            self._ways[channel, ids] = (
                None
                if template is None
                else Way(
                    CHANNELS[channel], Letter(self._choice.outlet, campaigns, template, self._choice.today)
                )
            )
        return self._ways[channel, ids]
