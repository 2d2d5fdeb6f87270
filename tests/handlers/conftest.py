"""A chat with the real bot: sealed pushes to the real app, on a real Valkey and a real database."""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp.test_utils import TestClient
from pyreqwest.client import Client

from bot.roles.conversation import Conversation
from bot.runtime.services import Services, open_services
from bot.runtime.settings import Settings
from handlers.framework.context import Context
from storage.pseudonym import pseudonym
from tests.handlers.chat import Chat
from tests.kit.caches.library_index import keep

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.handlers.phone_browser import Phone

TODAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PUBLIC_URL = "https://policy.example"


@pytest.fixture(scope="session")
def sqlite_template(seeded_sqlite_template: Path) -> Path:
    """Every database here holds the library."""
    return seeded_sqlite_template


@pytest.fixture
async def services(
    sqlite_url: str, redis_url: str, tmp_path: Path, http_client: Client, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Services]:
    """The services of one process, on 2 March 2026; all have one HTTP client."""
    monkeypatch.setattr("bot.runtime.services.open_http_client", lambda: nullcontext(http_client))
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path / "var",
        database_url=sqlite_url,
        redis_url=redis_url,
        public_url=PUBLIC_URL,
    )
    async with open_services(settings) as opened:
        await opened.clock.set(TODAY)
        yield opened


@pytest.fixture
def conversation(conversation: Conversation) -> Conversation:
    """The one of the whole application; its index is kept for the next test."""
    keep(conversation.context.knowledge.index)
    return conversation


@pytest.fixture
def context(conversation: Conversation) -> Context:
    return conversation.context


def session_key(services: Services, chat: Chat) -> str:
    """Where the chat's session is kept."""
    return f"wx:session:{pseudonym(services.secret, chat.openid)}"


@pytest.fixture
async def phone(browser: "Browser", web: "TestClient[Any, Any]") -> "AsyncIterator[Phone]":
    """A phone by day; what looks at a page looks by night too."""
    from tests.handlers.phone_browser import PHONE, Phone

    page = await browser.new_page(viewport=PHONE, device_scale_factor=2, is_mobile=True)
    yield Phone(page, str(web.make_url("/")).rstrip("/"))
    await page.close()
