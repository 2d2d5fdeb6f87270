"""The whole application over the `services` of a room, and a person who writes to it: a plugin (`-p` in pyproject.toml).

Whatever a fixture needs is imported where it is asked for: pytest loads this module in every process of a run.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient

    from bot.roles.conversation import Conversation
    from bot.runtime.services import Services
    from bot.runtime.valkey import EmbeddedValkey
    from tests.handlers.chat import Chat


@pytest.fixture
def own_valkey(tmp_path: Path) -> "Iterator[EmbeddedValkey]":
    """A server that the test may stop or spoil, where a data folder `var` has it; the one of the other tests stays."""
    from bot.runtime.valkey import EmbeddedValkey

    with EmbeddedValkey(tmp_path / "var" / "valkey") as server:
        yield server


@pytest.fixture
async def conversation(
    services: "Services", monkeypatch: pytest.MonkeyPatch
) -> "AsyncIterator[Conversation]":
    from bot.roles.conversation import open_conversation
    from tests.kit.caches.match_service import load_once

    load_once(monkeypatch)
    async with open_conversation(services) as opened:
        yield opened


@pytest.fixture
async def web(services: "Services", conversation: "Conversation") -> "AsyncIterator[TestClient[Any, Any]]":
    """The app as a browser or WeChat reaches it."""
    from aiohttp.test_utils import TestClient, TestServer

    from bot.roles.web_app import make_app

    async with TestClient(TestServer(make_app(services, conversation))) as client:
        yield client


@pytest.fixture
def chat(web: "TestClient[Any, Any]", services: "Services") -> "Chat":
    """One person's chat; `chat.another()` is somebody else's."""
    from tests.handlers.chat import chat_over

    return chat_over(web, services.secret)
