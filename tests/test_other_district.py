"""An installation with another district's library: no page, answer, file or document of it names the one we come with."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.roles.conversation import Conversation
from bot.runtime.services import Services, open_services
from bot.runtime.settings import Settings
from console.access.operators import Operators
from console.access.roles import Role
from console.district.showing import PART_NAMES
from console.routes import ROUTES
from handlers.framework.menu import Key
from handlers.table import Table
from policies.district.folder import NONE, load_district
from tests.console.conftest import PASSWORD, sign_in
from tests.console.hostile_desk import concrete
from tests.handlers.chat import Chat
from tests.test_no_district import words_of_the_district

LIBRARY = Path(__file__).parent / "data" / "yunling"
OURS = sorted(
    {
        *words_of_the_district(),
        *(track.name for track in load_district().tracks.tracks),
        "首台套",
        "高校理事会",
    }
)
"""Words that only the library that comes with the program has."""
QUESTIONS = (
    "民宿",
    "第三条",
    "3",
    "第二章",
    "第22条",
    "第99条",
    "文旅局",
    "所有部门",
    "最高30万",
    "养老服务赛道",
    "冷库补多少",
    "民宿怎么补，还有直播基地",
    "涉密内容找谁",
    "有什么补贴",
    "今天天气怎么样",
    "我们公司能拿什么",
    "买3000万设备能补多少",
    "算一算第六条",
    "订阅 养老服务",
    "订阅",
    "全部",
    "绑定企业",
    "取消",
    "asdfgh",
    "😀",
)


@pytest.fixture
def library() -> str:
    return str(LIBRARY)


@pytest.fixture
async def services(sqlite_url: str, redis_url: str, tmp_path: Path, library: str) -> AsyncIterator[Services]:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path / "var",
        database_url=sqlite_url,
        redis_url=redis_url,
        library=library,
    )
    async with open_services(settings) as opened:
        yield opened


def ours_in(text: str) -> list[str]:
    return [word for word in OURS if word in text]


async def everything_said(chat: Chat) -> dict[str, str]:
    """What the chat says to each event, button, command and question."""
    said = {"follow": (await chat.event("subscribe")).text}
    for key in Key:
        said[key] = (await chat.clicks(key)).text
        await chat.says("取消")
    for kind in ("image", "location", "file", "voice"):
        said[kind] = (await chat.sends(kind)).text
    for word in Table().by_word:
        said[word] = (await chat.says(word)).text
        await chat.says("取消")
    somebody = chat.another()
    for question in QUESTIONS:
        said[question] = (await somebody.says(question)).text
    return said


async def test_the_chat_knows_the_other_district_alone(chat: Chat) -> None:
    said = await everything_said(chat)
    assert {asked: found for asked, text in said.items() if (found := ours_in(text))} == {}
    assert "云岭县" in said["follow"]
    assert "第三条 支持景区创建" in said["第三条"]
    assert "云岭县政务服务中心" in said["涉密内容找谁"]
    assert "云岭县的企业" in said["location"]


async def test_examples_of_the_chat_all_get_an_answer(chat: Chat, conversation: Conversation) -> None:
    examples = conversation.context.knowledge.index.examples.model_dump().values()
    shown = [await chat.event("subscribe"), await chat.says("帮助"), await chat.says("你好")]
    tapped = {says for reply in shown for says in reply.taps.values()}
    assert set(examples) <= tapped
    for example in examples:
        answer = (await chat.another().says(example)).text
        assert re.search(r"第[一二三四五六七八九十]+条", answer), example


async def test_the_public_pages_and_the_sandbox_name_the_other_district(web: "TestClient[Any, Any]") -> None:
    addresses = [
        "/p",
        "/p/1",
        "/p/12",
        "/p/99",
        "/match",
        "/sandbox",
        *(f"/p?q={asked}" for asked in QUESTIONS),
    ]
    pages = {address: await (await web.get(address)).text() for address in addresses}
    pages |= {
        address: await (await web.get(address)).text()
        for page in list(pages.values())
        for address in re.findall(r'(?:href|src)="(/[^"#?]+\.(?:js|css|svg))', page)
    }
    assert {address: found for address, page in pages.items() if (found := ours_in(page))} == {}
    assert "云岭县促进文化旅游和特色农业发展若干措施" in pages["/p"]
    assert 'data-account="云岭惠企"' in pages["/sandbox"]


async def test_the_desk_its_files_and_the_api_name_the_other_district(
    web: "TestClient[Any, Any]", services: Services
) -> None:
    await Operators(services.database).add("admin", Role.ADMIN, PASSWORD, actor="test")
    await sign_in(web, "admin")
    addresses = ["/api/v1/openapi.json", "/console/static/desk.js"]
    for route in ROUTES:
        if route.method == "GET" and not route.path.endswith(("/live", "/sign-out")):
            addresses += [concrete(route, identity) for identity in ("1", "12")]
    addresses += [f"/console/district/{part}" for part in PART_NAMES]
    seen = {}
    for address in dict.fromkeys(addresses):
        async with web.get(address) as response:
            assert response.status < 500, address
            seen[address] = await response.text(errors="replace")
    assert {address: found for address, page in seen.items() if (found := ours_in(page))} == {}
    assert "第一条,2026-03-01,2026-03-31,支持民宿提档升级申报" in seen["/console/windows/sample.csv"]
    assert "0599-6610001" in seen["/console/district/departments"]


@pytest.mark.parametrize("library", [NONE])
async def test_an_empty_installation_runs_and_says_what_to_do_next(
    web: "TestClient[Any, Any]", chat: Chat, services: Services
) -> None:
    said = await everything_said(chat)
    assert {asked: found for asked, text in said.items() if (found := ours_in(text))} == {}
    assert "政策正在录入" in said["follow"]
    assert "还没有发布政策" in said["民宿"]
    for address in ("/p", "/p?q=民宿", "/sandbox", "/healthz", "/readyz"):
        async with web.get(address) as response:
            assert response.status == 200, address
    assert "还没有发布政策" in await (await web.get("/p")).text()
    await Operators(services.database).add("admin", Role.ADMIN, PASSWORD, actor="test")
    await sign_in(web, "admin")
    for route in ROUTES:
        if route.method == "GET" and "{" not in route.path and not route.path.endswith("/live"):
            async with web.get(f"/console{route.path}") as response:
                assert response.status < 500, route.path
    overview = await (await web.get("/console/")).text()
    assert "政策库还是空的" in overview
    assert "/console/policies/import" in overview
