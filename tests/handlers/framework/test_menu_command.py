"""`policybot menu` against the API that the sandbox gives."""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bench.ports import unused_port
from bot.commands.operations.menu import menu_difference, push_menu
from bot.roles.conversation import open_conversation
from bot.roles.web_app import make_app
from bot.runtime.services import open_services
from bot.runtime.settings import Settings


@pytest.fixture
def settings(sqlite_url: str, redis_url: str, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "var",
        database_url=sqlite_url,
        redis_url=redis_url,
        port=unused_port(),
    )


async def test_a_push_puts_the_declared_menu_to_wechat(settings: Settings) -> None:
    async with (
        open_services(settings) as services,
        open_conversation(services) as conversation,
        TestServer(make_app(services, conversation), host="127.0.0.1", port=settings.port),
    ):
        await services.wechat.get_json("/cgi-bin/menu/delete")
        lines = await menu_difference(settings)
        assert "+查政策" in lines
        await push_menu(settings)
        assert await menu_difference(settings) == []
