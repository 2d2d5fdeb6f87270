"""The whole platform in memory: the account, the people, and everything the API keeps for it."""

import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.platform.account import SandboxAccount
from sandbox.platform.api_faults import ApiFaults
from sandbox.platform.conversations import Conversations
from sandbox.platform.deliveries import Deliveries
from sandbox.platform.features.mass_sends import MassSends
from sandbox.platform.features.media import MediaShelf
from sandbox.platform.features.menus import MenuBoard
from sandbox.platform.features.qr_codes import QrCodes
from sandbox.platform.features.tags import Tags
from sandbox.platform.features.templates import TemplateLibrary
from sandbox.platform.people import People, Person
from sandbox.platform.quotas import Quotas
from sandbox.platform.tokens import TokenRegistry

Seconds = Callable[[], float]
"""Gives an instant as unix seconds."""


@dataclass(frozen=True, slots=True)
class JobEvent:
    """A receipt the platform will push to the bot, `delay` seconds from now."""

    openid: str
    event: str
    fields: Mapping[str, Any]
    delay: float


@dataclass(slots=True)
class Behaviour:
    """Behaviour of the platform that is unknown, or that a test may change.

    Attributes:
        receipts: push TEMPLATESENDJOBFINISH and the like.
        receipt_delay: seconds until one is pushed.
        receipt_copies: how often each is pushed; a doubled one must change nothing.
        system_failures: share of template messages that are accepted and then fail (`failed: system failed`).
        notifications_remember: whether bizsend honours client_msg_id (seen only in an official example).
    """

    receipts: bool = True
    receipt_delay: float = 0.3
    receipt_copies: int = 1
    system_failures: float = 0.0
    notifications_remember: bool = False


class Platform:
    """WeChat, as far as this account can see it.

    Two times are told apart: `now` is the sandbox's date, which an operator may set (a quota's day, a fan's
    month, what the phones show); `real` is the wall's: tokens, windows of 48 h, memory of ids and faults are
    the platform's own timers, which keep real time in the bot too.
    """

    def __init__(
        self,
        account: SandboxAccount,
        *,
        now: Seconds,
        real: Seconds,
        rng: random.Random,
        emit: Callable[[JobEvent], None],
        declared_menu: Mapping[str, Any] | None = None,
    ) -> None:
        self.account = account
        self.now = now
        self.real = real
        self.rng = rng
        self.behaviour = Behaviour()
        self.people = People(account.credentials.app_id, real)
        self.tokens = TokenRegistry(account, real, rng)
        self.quotas = Quotas(now)
        self.faults = ApiFaults(real, rng)
        self.templates = TemplateLibrary()
        self.deliveries = Deliveries()
        self.mass_sends = MassSends(account, now, real)
        self.menus = MenuBoard(declared_menu)
        self.tags = Tags(self.people)
        self.qr_codes = QrCodes(real)
        self.media = MediaShelf(real)
        self.conversations = Conversations(now)
        self._emit = emit
        # Ids go on after a restart: the bot remembers those it has seen.
        self._number = int(real() * 1000) * 1000

    def next_number(self) -> int:
        """Return a new message id, 64 bits, never given before."""
        self._number += 1
        return self._number

    def deliver(
        self,
        person: Person,
        kind: str,
        content: Mapping[str, Any],
        *,
        way: str,
        client_id: str = "",
        number: int = 0,
    ) -> None:
        """Deliver a message to a person: count it by `client_id`, or by its content where that is ""; show it in an open chat."""
        self.deliveries.record(way, person.openid, client_id or _digest(content), number, self.real())
        if self.conversations.is_open(person.openid):
            sent = json.dumps(content, ensure_ascii=False, indent=2)
            self.conversations.add(person.openid, "account", kind, dict(content), (("接口收到", sent),))

    def emit(self, openid: str, event: str, fields: Mapping[str, Any], delay: float | None = None) -> None:
        """Have a receipt pushed to the bot later."""
        if not self.behaviour.receipts:
            return
        wait = self.behaviour.receipt_delay if delay is None else delay
        for _ in range(self.behaviour.receipt_copies):
            self._emit(JobEvent(openid, event, fields, wait))


def _digest(content: Mapping[str, Any]) -> str:
    whole = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    return "content:" + hashlib.blake2b(whole, digest_size=8).hexdigest()
