"""A sandbox account and platform, over a clock that a test moves."""

import random
from dataclasses import dataclass, field

import pytest

from sandbox.api.calls import CALLS
from sandbox.credentials import Credentials, sandbox_credentials
from sandbox.platform.account import SandboxAccount
from sandbox.platform.errors import ApiError
from sandbox.platform.people import Person
from sandbox.platform.platform import JobEvent, Platform
from tests.kit.clocks import SetSeconds

NOON = 1_767_240_000.0
"""2026-01-01 12:00 in Beijing."""


@dataclass
class Wechat:
    """The platform, and calls to it as the API would run them."""

    platform: Platform
    real: SetSeconds
    date: SetSeconds
    events: list[JobEvent] = field(default_factory=list)

    def call(self, path: str, **args: object) -> dict[str, object]:
        """What the call answers; a refusal is an answer with its errcode."""
        try:
            return CALLS[path].run(self.platform, args)
        except ApiError as error:
            return error.answer()

    def code(self, path: str, **args: object) -> object:
        return self.call(path, **args).get("errcode", 0)

    def person(self, openid: str = "oReader", **more: object) -> Person:
        person = Person(openid)
        for name, value in more.items():
            setattr(person, name, value)
        return self.platform.people.add(person)


@pytest.fixture
def credentials() -> Credentials:
    return sandbox_credentials(b"a secret of the tests")


@pytest.fixture
def wechat(credentials: Credentials) -> Wechat:
    return make_wechat(SandboxAccount(credentials))


def make_wechat(account: SandboxAccount) -> Wechat:
    real, date, events = SetSeconds(NOON), SetSeconds(NOON), []
    platform = Platform(account, now=date, real=real, rng=random.Random(7), emit=events.append)
    return Wechat(platform, real, date, events)
