"""From alerts to the call that sends them: what each channel's message says, made once for all members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from alerts import mass, wording
from alerts.briefs import Brief
from alerts.channels import Channel, Offer, Templates, offer, template_values
from alerts.links import AlertLinks
from alerts.message import Call
from alerts.people import Person
from wechat.account import Account
from wechat.client import TemplateMessage, WeChatClient

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Outlet:
    """What messages are made with: the account, its templates, and where links lead.

    `links` gives a card its alert's own page, which has room for what the template's fields have not; without
    it, and where several alerts share a card, it leads to the clause.
    """

    client: WeChatClient
    account: Account
    templates: Templates
    public_url: str
    links: AlertLinks | None = None


@dataclass(frozen=True, slots=True)
class _Card:
    """What a template says of some alerts, and where it leads."""

    page: str
    values: dict[str, str]
    message: TemplateMessage


class Composer:
    """Composes the messages of one chunk; words and template values are made once for each set of alerts."""

    def __init__(self, outlet: Outlet, today: date) -> None:
        self._outlet = outlet
        self._today = today
        self._offers: dict[int, Offer] = {}
        self._made: dict[tuple[Any, ...], Any] = {}

    def offer(self, brief: Brief) -> Offer:
        """What a campaign can go by at all."""
        if brief.id not in self._offers:
            facts = wording.facts([(brief.kind, brief.content)], self._today)
            self._offers[brief.id] = offer(
                brief.kind, brief.channel, facts, self._outlet.account, self._outlet.templates
            )
        return self._offers[brief.id]

    def compose(
        self, briefs: Sequence[Brief], person: Person, channel: Channel, client_id: str
    ) -> tuple[Call, str] | None:
        """The call that brings these alerts to a member, and the template it uses ("" for none).

        None where the channel sends nothing: the inbox, or a template that is not set (any more).
        """
        client = self._outlet.client
        if channel is Channel.CUSTOM:
            return partial(_custom, client, person.openid, self._words(briefs)), ""
        offered = self.offer(briefs[0])
        if channel is Channel.TEMPLATE:
            setting = offered.template
        elif channel is Channel.SUBSCRIBE:
            setting = offered.notification
        else:
            return None
        if setting is None:
            return None
        card = self._card(briefs, setting.id, setting.fields)
        page = card.page
        if self._outlet.links is not None and len(briefs) == 1:
            page = self._outlet.links.page(briefs[0].id, person.id)
        if channel is Channel.TEMPLATE:
            return partial(card.message.send, person.openid, url=page, client_msg_id=client_id), setting.id
        send = partial(client.subscribe_send, person.openid, setting.id, card.values)
        return partial(send, page=page, client_msg_id=client_id), setting.id

    def compose_mass(self, brief: Brief, people: Sequence[Person], client_id: str) -> Call:
        """The call that sends a campaign to a list."""
        openids = [person.openid for person in people]
        return partial(mass.send_to_list, self._outlet.client, openids, self._words([brief]), client_id)

    def _words(self, briefs: Sequence[Brief]) -> str:
        return self._once(
            ("words", *[brief.id for brief in briefs]),
            lambda: wording.text(_alerts(briefs), self._today, self._outlet.public_url),
        )

    def _card(self, briefs: Sequence[Brief], template_id: str, fields: dict[str, str]) -> "_Card":
        def make() -> _Card:
            alerts = _alerts(briefs)
            values = template_values(fields, wording.facts(alerts, self._today))
            page = wording.page_of(alerts, self._outlet.public_url)
            return _Card(page, values, self._outlet.client.template_message(template_id, values))

        return self._once(("card", template_id, *[brief.id for brief in briefs]), make)

    def _once(self, key: tuple[Any, ...], make: Callable[[], _T]) -> _T:
        if key not in self._made:
            self._made[key] = make()
        found: _T = self._made[key]
        return found


def _alerts(briefs: Sequence[Brief]) -> list[wording.Alert]:
    return [(brief.kind, brief.content) for brief in briefs]


async def _custom(client: WeChatClient, openid: str, words: str) -> str:
    await client.custom_text(openid, words)
    return ""
