"""Which channels can carry an alert to a member now, best first.

To add a channel: a member of `alerts.model.channel.Channel`, a folder here with a row (`MemberChannel` says what it holds;
`custom` is an example), and the row in `CHANNELS`. Where the account needs a new right, it is a `wechat.account.Capability`;
what must be known of a member is a field of `alerts.model.channel.Reach`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from alerts.channels.custom.channel import CUSTOM
from alerts.channels.member_channel import Allowance, MemberChannel
from alerts.channels.outlet import Outlet
from alerts.channels.subscription.channel import SUBSCRIPTION
from alerts.channels.template.channel import TEMPLATE
from alerts.channels.template.settings import Templates, TemplateSetting
from alerts.channels.template.values import fills
from alerts.model.campaigns.campaign_cache import CachedCampaign
from alerts.model.channel import Channel, Reach
from alerts.model.content import AlertKind
from alerts.wording import wording
from wechat.account import Account

CHANNELS: Mapping[Channel, MemberChannel] = {row.channel: row for row in (TEMPLATE, SUBSCRIPTION, CUSTOM)}
"""The channels to one member, best first: those with a client id and a receipt come first. The inbox comes after them all."""

ALLOWANCES: Mapping[Channel, Allowance] = {
    channel: row.allowance for channel, row in CHANNELS.items() if row.allowance is not None
}
"""The channels whose messages cost the member's allowance."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The channels that can carry a campaign at all, whoever the member is.

    Attributes:
        wanted: `auto`, or the one channel an operator chose.
        templates: the template of each channel that the account may use and whose fields the campaign's facts fill.
    """

    wanted: str
    templates: Mapping[Channel, TemplateSetting]


def offer(
    kind: AlertKind, wanted: str, facts: Mapping[str, str], account: Account, templates: Templates
) -> Offer:
    """Return the channels for an alert of this kind with these facts."""
    found: dict[Channel, TemplateSetting] = {}
    for channel, row in CHANNELS.items():
        template = row.template(templates, kind)
        if template is not None and _shows_a_day_that_is_off(template, facts):
            template = row.template(templates, AlertKind.POLICY_CHANGED) or template
        if template is not None and account.may(row.capability) and fills(template, facts):
            found[channel] = template
    return Offer(wanted, found)


def _shows_a_day_that_is_off(template: TemplateSetting, facts: Mapping[str, str]) -> bool:
    """Whether a card would show the closing day of a window that was withdrawn: nothing closes any more.

    Where the account has a card for changes of policies, which shows no day, that one goes; else its title says 已取消.
    """
    is_off = bool(facts.get("closes_on")) and not facts.get("days_left", "")
    return is_off and any("{closes_on}" in pattern for pattern in template.fields.values())


def ways(offered: Offer, reach: Reach, closed: Collection[Channel] = ()) -> tuple[Channel, ...]:
    """Return the channels open to a member, best first; the inbox is always the last.

    `closed` are channels that are not to be used for this message.
    """
    found = [
        channel
        for channel, template in offered.templates.items()
        if channel not in closed
        and offered.wanted in ("auto", channel.value)
        and CHANNELS[channel].is_open(template, reach)
    ]
    return (*found, Channel.INBOX)


def up_to(refused: str | None) -> frozenset[Channel]:
    """Return the channels closed for a message that the member refused by channel `refused`: it and all before it."""
    if not refused:
        return frozenset()
    in_order = tuple(CHANNELS)
    return frozenset(in_order[: in_order.index(Channel(refused)) + 1])


class ChannelChoice:
    """Chooses the channels for the rows of one chunk.

    Most members of a campaign have the same channels open, so each choice is made once.

    Args:
        outlet: the account and its templates.
        today: the business day (Asia/Shanghai).
        held: APIs that WeChat has closed for everyone, and until when.
    """

    def __init__(self, outlet: Outlet, today: date, held: Mapping[Channel, datetime]) -> None:
        self.outlet, self.today, self._held = outlet, today, held
        self._offers: dict[int, Offer] = {}
        self._ways: dict[tuple[int, Reach, str | None], tuple[Channel, ...]] = {}

    def offer(self, campaign: CachedCampaign) -> Offer:
        """Return the channels that can carry a campaign at all."""
        found = self._offers.get(campaign.id)
        if found is None:
            facts = wording.facts([(campaign.kind, campaign.content)], self.today)
            found = offer(campaign.kind, campaign.channel, facts, self.outlet.account, self.outlet.templates)
            self._offers[campaign.id] = found
        return found

    def ways(self, campaign: CachedCampaign, reach: Reach, refused: str | None) -> tuple[Channel, ...]:
        """Return the channels to try for one row, best first; the inbox is always the last.

        Args:
            campaign: the row's campaign.
            reach: of the row's member.
            refused: the channel by which the member refused the row before: it and those before it are left out.
        """
        key = (campaign.id, reach, refused)
        found = self._ways.get(key)
        if found is None:
            possible = ways(self.offer(campaign), reach, up_to(refused))
            found = self._ways[key] = tuple(channel for channel in possible if channel not in self._held)
        return found

    def reopens_at(self, campaign: CachedCampaign, reach: Reach, refused: str | None) -> datetime | None:
        """Return when a channel that WeChat closed for everyone opens again.

        Return None if no such channel would carry the row, or if it opens after the campaign expires.
        """
        possible = ways(self.offer(campaign), reach, up_to(refused))
        reopening = [self._held[channel] for channel in possible if channel in self._held]
        if not reopening or (campaign.expires_at is not None and min(reopening) >= campaign.expires_at):
            return None
        return min(reopening)
