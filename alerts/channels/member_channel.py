"""The shape of a channel to one member. `alerts.channels.choice` holds the table of them."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.outlet import Outlet
from alerts.channels.template.settings import Templates, TemplateSetting
from alerts.model.campaigns.campaign_cache import CachedCampaign
from alerts.model.channel import Channel, Reach
from alerts.model.content import AlertKind
from alerts.model.recipients import Person, Spent
from alerts.wording import wording
from wechat.account import Capability
from wechat.api.calls import Gate


class SendCall(Protocol):
    """Sends one message.

    `gate` is asked right before the message leaves. The result is WeChat's message id, or "" if the API has none.

    Raises:
        wechat.api.errors.HeldBack: `gate` said no. Nothing was sent.
        wechat.api.errors.ApiFailure: WeChat refused the message, did not answer, or could not be reached.
    """

    def __call__(self, *, gate: Gate) -> Awaitable[str]: ...


AddressedCall = Callable[[Person, str], SendCall]
"""Makes the call for one member, under our id of the message (`clientmsgid`)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What some alerts say by one channel. It is the same for every member.

    Attributes:
        alerts: the gathered alerts, the most urgent first; usually one.
        template: the template that the channel uses. Its id is "" if the channel uses none.
    """

    outlet: Outlet
    campaigns: Sequence[CachedCampaign]
    template: TemplateSetting
    today: date

    @property
    def alerts(self) -> list[wording.Alert]:
        """Kind and content of each alert."""
        return [(campaign.kind, campaign.content) for campaign in self.campaigns]

    def page(self, person: Person) -> str:
        """Return the address that a tap on the card opens."""
        if self.outlet.links is not None:
            return self.outlet.links.page(self.campaigns[0].id, person.id)
        return wording.page_of(self.alerts, self.outlet.public_url)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a message takes from the allowance that WeChat gives a member.

    Attributes:
        spend: takes one message from each of these members who has one left, in the caller's transaction. Gives
            what was taken, by member. Arguments: session, template id, member ids, real time.
        close: notes that WeChat says these members have nothing left. Arguments: session, template id, member ids.
    """

    spend: Callable[[AsyncSession, str, Collection[int], datetime], Awaitable[dict[int, Spent]]]
    close: Callable[[AsyncSession, str, Collection[int]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class MemberChannel:
    """One row of the table of channels: one way to one member.

    Attributes:
        capability: what the account needs.
        template: the template to use for a kind of alert. None: no template is set, so the channel cannot carry it.
        is_open: whether the channel is open to a member now, by the template and the member's reach.
        open_members: the condition on `Member` that `is_open` checks, by the template and real time, to count at the desk.
        compose: composes a letter once for all members.
        allowance: what a message costs its member; None: nothing.
        one_alert_each: a message carries one alert; where false, several alerts of a member share one message.
    """

    channel: Channel
    capability: Capability
    template: Callable[[Templates, AlertKind], TemplateSetting | None]
    is_open: Callable[[TemplateSetting, Reach], bool]
    open_members: Callable[[TemplateSetting, datetime], ColumnElement[bool]]
    compose: Callable[[Letter], AddressedCall]
    allowance: Allowance | None = None
    one_alert_each: bool = False


class Way:
    """One letter by one channel: an entry in a message's list of ways. It is composed when it is first used.

    A way refers to nothing that refers back to it: cycles would keep each chunk in memory until the garbage
    collector's next walk.
    """

    __slots__ = ("_call_for", "_letter", "_row", "channel", "lasting", "template_id")

    def __init__(self, row: MemberChannel, letter: Letter) -> None:
        self.channel = row.channel
        self.template_id = letter.template.id
        self.lasting = letter.template.lasting
        """The member's consent holds until it is withdrawn: a message spends none."""
        self._row, self._letter = row, letter
        self._call_for: AddressedCall | None = None

    def call(self, person: Person, client_id: str) -> SendCall:
        """Return the call that brings the letter to a member, under our id of the message."""
        if self._call_for is None:
            self._call_for = self._row.compose(self._letter)
        return self._call_for(person, client_id)
