"""Pages and chat with a second document beside the first, and links that are older than an edition."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestClient

from bot.runtime.services import Services
from handlers.framework.context import Context
from policies.library.changes import Kin, Relation, changes_between
from policies.publishing.documents import Documents
from policies.publishing.drafts import Drafts
from policies.publishing.imported import Imported
from policies.publishing.store import PolicyStore
from policies.windows.window_fields import WindowFields
from tests.handlers.chat import Chat
from tests.handlers.phone_browser import Phone
from tests.policies.second_document import NAME, TITLE, second_document

Client = TestClient[Any, Any]


async def shown(web: Client, address: str, status: int = 200) -> str:
    async with web.get(address) as response:
        assert response.status == status
        return await response.text()


@pytest.fixture
async def beside(services: Services, context: Context) -> None:
    documents = Documents(services.database, services.clock)
    await documents.add(second_document(), by="cli:li", note="")
    await context.knowledge.refresh()


async def test_each_page_names_its_document(beside: None, web: Client) -> None:
    page = await shown(web, "/p/1003")
    assert f'<meta property="og:title" content="《{NAME}》第三条 支持会展活动举办">' in page
    assert f"临港新城管理委员会《{TITLE}》2026年3月" in page
    assert "《先进技术产品转化应用试点政策摘编》第<b>22</b>条" in await shown(web, "/p/22")
    begin = await shown(web, "/p")
    assert "第二章 壮大特色消费" in begin or "壮大特色消费" in begin
    found = await shown(web, f"/p?q={quote('壮大特色消费')}")
    assert 'href="/p/1004"' in found
    assert f"《{NAME}》第四条" in found


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_clause_with_its_document_stands_on_one_line_above_its_window(
    beside: None, context: Context, phone: Phone, width: int
) -> None:
    opens, closes = date(2026, 3, 1), date(2026, 4, 1)
    await context.windows.put([WindowFields(22, opens, closes, "技改奖补申报", "https://apply.example/22")])
    await phone.page.set_viewport_size({"width": width, "height": 900})
    await phone.opens("/p/open")
    number, name = phone.page.locator(".cards .no"), phone.page.locator(".cards .name")
    above, below = await number.bounding_box(), await name.bounding_box()
    assert above is not None
    assert below is not None
    assert above["height"] < 2 * 24
    assert above["y"] + above["height"] <= below["y"] + 1
    assert above["x"] == below["x"]


async def test_the_chat_says_that_another_document_has_the_number_too(beside: None, chat: Chat) -> None:
    reply = await chat.says("第3条")
    assert reply.text.startswith("《先进技术产品转化应用试点政策摘编》第3条")
    (label,) = [one for one in reply.taps if NAME in one]
    assert (await chat.says(reply.taps[label])).text.startswith(f"《{NAME}》第三条 支持会展活动举办")
    assert f"《{NAME}》" in (await chat.says("目录")).text + (await chat.says("下一页")).text


async def test_a_list_of_two_documents_stands_under_their_titles(beside: None, chat: Chat) -> None:
    listed = (await chat.says("50万元的政策")).text
    assert "《先进技术产品转化应用试点政策摘编》\n第" in listed


async def test_a_link_in_an_old_message_shows_its_clause_after_the_numbers_have_shifted(
    web: Client, services: Services, context: Context
) -> None:
    """Clause 12 goes; what was 13 is printed as 12, and so on."""
    store = PolicyStore(services.database, services.clock)
    before = (await store.published()).documents[0]
    after = [
        policy.model_copy(update={"label": str(policy.key - (policy.key > 12))})
        for policy in before.policies
        if policy.key != 12
    ]
    drafts = Drafts(services.database, services.clock)
    replaced = {12: Kin(Relation.REPLACED, 14)}
    imported = Imported(changes_between(before.policies, after, replaced), None)
    await drafts.begin_all(imported, author="li", note="")
    await drafts.publish(await drafts.open(), publisher="wang")
    await context.knowledge.refresh()
    page = await shown(web, "/p/22")
    assert "第<b>21</b>条" in page
    assert before.policies[21].title in page
    assert f'现行文件的第22条是<a href="/p/23">{before.policies[22].title}</a>' in page
    gone = await shown(web, "/p/12", status=410)
    assert "这一条已不再收录" in gone
    assert f'由第13条<a href="/p/14">{before.policies[13].title}</a>接替' in gone
    assert f'现行文件的第12条是<a href="/p/13">{before.policies[12].title}</a>' in gone
    assert context.knowledge.index.decide("第22条").clauses == (23,)
    assert "第<b>48</b>条" in await shown(web, "/p/49")


@pytest.mark.parametrize(
    ("asked", "said", "not_said"),
    [
        (f"{NAME}有效期到哪天", "有效期至：2028年12月31日", "2027"),
        (f"《{NAME}》什么时候施行", "自2026年4月1日起施行", "申报"),
        ("先进技术产品转化应用试点政策摘编什么时候施行", "没有写施行日期和有效期", "2026年4月1日"),
    ],
)
async def test_the_period_of_a_document_is_told_from_that_document(
    beside: None, chat: Chat, asked: str, said: str, not_said: str
) -> None:
    await chat.says("高企首次认定补多少")
    reply = (await chat.says(asked)).text
    assert said in reply
    assert not_said not in reply
