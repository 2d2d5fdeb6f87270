"""From alerts to the call that sends them: what each channel's message says, made once for all members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from alerts.channels.choice import Offer, Templates, TemplateSetting, offer, template_values
from alerts.channels.mass import jobs
from alerts.member.page_links import AlertLinks
from alerts.model import wording
from alerts.model.campaign_cache import CachedCampaign
from alerts.model.channel import Channel
from alerts.model.recipients import Person
from alerts.sending.message import Call
from wechat.account import Account
from wechat.api.calls import Gate
from wechat.api.client import WeChatClient


@dataclass(frozen=True, slots=True)
class Outlet:
    """What messages are made with: the account, its templates, and where links lead.

    `links` gives a card its alert's own page, which has room for what the template's fields have not, and names
    the others that share the card; without it the card leads to the clause.
    """

    client: WeChatClient
    account: Account
    templates: Templates
    public_url: str
    links: AlertLinks | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """What some alerts say by one channel, to whomever it goes.

    Attributes:
        to: the call that brings it to a member, under WeChat's id for it.
        template_id: of the template it uses, or "".
        lasting: the template's consent holds until it is withdrawn: a send spends none.
    """

    to: Callable[[Person, str], Call]
    template_id: str = ""
    lasting: bool = False


class Composer:
    """Composes the messages of one chunk; what they say is made once for each set of alerts and channel."""

    def __init__(self, outlet: Outlet, today: date) -> None:
        self._outlet = outlet
        self._today = today
        self._offers: dict[int, Offer] = {}
        self._letters: dict[tuple[Channel, tuple[int, ...]], Letter | None] = {}

    def offer(self, campaign: CachedCampaign) -> Offer:
        """What a campaign can go by at all."""
        if campaign.id not in self._offers:
            facts = wording.facts([(campaign.kind, campaign.content)], self._today)
            self._offers[campaign.id] = offer(
                campaign.kind, campaign.channel, facts, self._outlet.account, self._outlet.templates
            )
        return self._offers[campaign.id]

    def letter(self, campaigns: Sequence[CachedCampaign], channel: Channel) -> Letter | None:
        """These alerts by this channel.

        None where the channel sends nothing: the inbox, or a template that is not set (any more).
        """
        key = (channel, tuple([campaign.id for campaign in campaigns]))
        if key not in self._letters:
            self._letters[key] = self._write(campaigns, channel)
        return self._letters[key]

    def compose_mass(self, campaign: CachedCampaign, people: Sequence[Person], client_id: str) -> Call:
        """The call that sends a campaign to a list."""
        openids = [person.openid for person in people]
        return partial(jobs.send_to_list, self._outlet.client, openids, self._words([campaign]), client_id)

    def _write(self, campaigns: Sequence[CachedCampaign], channel: Channel) -> Letter | None:
        offered = self.offer(campaigns[0])
        if channel is Channel.CUSTOM:
            return Letter(partial(_custom_call, self._outlet.client, self._words(campaigns)))
        if channel is Channel.TEMPLATE and offered.template is not None:
            return self._by_template(campaigns, offered.template)
        if channel is Channel.SUBSCRIBE and offered.notification is not None:
            return self._by_notification(campaigns, offered.notification)
        return None

    def _by_template(self, campaigns: Sequence[CachedCampaign], setting: TemplateSetting) -> Letter:
        message = self._outlet.client.template_message(setting.id, self._values(campaigns, setting))
        page = self._page(campaigns)

        def to(person: Person, client_id: str) -> Call:
            return partial(message.send, person.openid, url=page(person), client_msg_id=client_id)

        return Letter(to, setting.id)

    def _by_notification(self, campaigns: Sequence[CachedCampaign], setting: TemplateSetting) -> Letter:
        values, page = self._values(campaigns, setting), self._page(campaigns)
        send = self._outlet.client.subscribe_send

        def to(person: Person, client_id: str) -> Call:
            return partial(
                send, person.openid, setting.id, values, page=page(person), client_msg_id=client_id
            )

        return Letter(to, setting.id, setting.lasting)

    def _words(self, campaigns: Sequence[CachedCampaign]) -> str:
        return wording.text(_alerts(campaigns), self._today, self._outlet.public_url)

    def _values(self, campaigns: Sequence[CachedCampaign], setting: TemplateSetting) -> dict[str, str]:
        return template_values(setting.fields, wording.facts(_alerts(campaigns), self._today))

    def _page(self, campaigns: Sequence[CachedCampaign]) -> Callable[[Person], str]:
        links = self._outlet.links
        if links is not None:
            return lambda person: links.page(campaigns[0].id, person.id)
        page = wording.page_of(_alerts(campaigns), self._outlet.public_url)
        return lambda _person: page


def _alerts(campaigns: Sequence[CachedCampaign]) -> list[wording.Alert]:
    return [(campaign.kind, campaign.content) for campaign in campaigns]


def _custom_call(client: WeChatClient, words: str, person: Person, _client_id: str) -> Call:
    return partial(_custom, client, person.openid, words)


async def _custom(client: WeChatClient, openid: str, words: str, *, gate: Gate) -> str:
    await client.custom_text(openid, words, gate=gate)
    return ""
