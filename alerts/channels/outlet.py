"""What every channel composes its messages with."""

from dataclasses import dataclass
from typing import Protocol

from alerts.channels.template.settings import Templates
from wechat.account import Account
from wechat.api.client import WeChatClient


class AlertPages(Protocol):
    """Gives the address of an alert's own page."""

    def page(self, campaign_id: int, member_id: int) -> str:
        """Return the address of the page of one campaign for one member."""
        ...


@dataclass(frozen=True, slots=True)
class Outlet:
    """The account, its templates, and the addresses that messages lead to.

    Attributes:
        public_url: the address of the public pages, without a slash at the end.
        links: makes the address of an alert's own page. That page has room for what a template's fields cannot
            hold, and lists the other alerts of the same card. Without `links` a card leads to the clause.
    """

    client: WeChatClient
    account: Account
    templates: Templates
    public_url: str
    links: AlertPages | None = None
