"""A chat with the real bot: sealed pushes to the real app, on a real Valkey and a real database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Browser

from bot.roles.conversation import Conversation, open_conversation
from bot.roles.web_app import make_app
from bot.runtime.services import Services, open_services
from bot.runtime.settings import Settings
from handlers.framework.context import Context
from storage.pseudonym import pseudonym
from tests.handlers.chat import Chat, chat_over
from tests.handlers.phone_browser import PHONE, Phone
from tests.kit.caches.library_index import keep

TODAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PUBLIC_URL = "https://policy.example"


@pytest.fixture(scope="session")
def sqlite_template(seeded_sqlite_template: Path) -> Path:
    """Every database here holds the library."""
    return seeded_sqlite_template


@pytest.fixture
async def services(sqlite_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    """The services of one process, on 2 March 2026."""
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
async def conversation(services: Services) -> AsyncIterator[Conversation]:
    async with open_conversation(services) as opened:
        keep(opened.context.knowledge.index)
        yield opened


@pytest.fixture
def context(conversation: Conversation) -> Context:
    return conversation.context


@pytest.fixture
async def web(services: Services, conversation: Conversation) -> AsyncIterator["TestClient[Any, Any]"]:
    """The app as a browser or WeChat reaches it."""
    async with TestClient(TestServer(make_app(services, conversation))) as client:
        yield client


@pytest.fixture
def chat(web: "TestClient[Any, Any]", services: Services) -> Chat:
    """One person's chat; `chat.another()` is somebody else's."""
    return chat_over(web, services.secret)


def session_key(services: Services, chat: Chat) -> str:
    """Where the chat's session is kept."""
    return f"wx:session:{pseudonym(services.secret, chat.openid)}"


@pytest.fixture
async def phone(browser: Browser, web: "TestClient[Any, Any]") -> AsyncIterator[Phone]:
    """A phone by day; what looks at a page looks by night too."""
    page = await browser.new_page(viewport=PHONE, device_scale_factor=2, is_mobile=True)
    yield Phone(page, str(web.make_url("/")).rstrip("/"))
    await page.close()
