"""The pages: the clause as printed, strict headers, and nothing from elsewhere."""

import html
import re
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestClient

from bot.runtime.services import Services
from handlers.framework.context import Context
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from policies.windows.window_fields import WindowFields

Client = TestClient[Any, Any]


async def _page(web: Client, address: str, status: int = 200) -> str:
    async with web.get(address) as response:
        assert response.status == status
        return await response.text()


def _words(page: str) -> str:
    """What a reader sees."""
    body = page.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


async def test_a_clause_page_shows_the_clause_and_what_it_rests_on(web: Client) -> None:
    page = await _page(web, "/p/22")
    seen = _words(page)
    for words in (
        "第22条",
        "企业技术改造设备投资奖补",
        "按照年度设备投资额的12%给予最高600万元奖补",
        "青政发〔2024〕11号",
        "区工信局",
        "最高600万元",
        "年度设备投资额的12%",
        "相关条款",
        "第七部分",
    ):
        assert words in seen
    assert '<meta property="og:title" content="第22条 企业技术改造设备投资奖补">' in page
    assert '<meta property="og:url" content="https://policy.example/p/22">' in page
    assert 'lang="zh-CN"' in page


async def test_the_page_shows_the_next_steps_of_the_chat(web: Client) -> None:
    with_rule = _words(await _page(web, "/p/22"))
    assert "算一算" in with_rule
    assert "发送“订阅 第22条”" in with_rule
    assert "怎么办 材料" not in with_rule
    without = await _page(web, "/p/7")
    assert "算一算" not in _words(without)
    assert "订阅 第7条" in _words(without)


async def test_a_guide_is_on_the_page_marked_as_entered(
    web: Client, services: Services, context: Context
) -> None:
    guide = Guide(
        conditions="设备投资 500 万元以上",
        materials=("申报书 <b>", "设备发票"),
        steps="网上申报",
        where="区政务中心3楼",
        phone="0532-00000001",
        url="https://apply.example/g22",
        source="2026年度通知",
        checked_on=date(2026, 2, 20),
    )
    assert "怎么办" not in _words(await _page(web, "/p/22"))
    await GuideDrafts(services.database, services.clock).publish_at_once({22: guide}, author="cli:test")
    await context.knowledge.refresh()
    page = await _page(web, "/p/22")
    seen = html.unescape(_words(page))
    for words in (
        "设备投资 500 万元以上",
        "申报书 <b>",
        "设备发票",
        "网上申报",
        "区政务中心3楼",
        "0532-00000001",
    ):
        assert words in seen
    assert "以上由工作人员填写，不是政策原文；2026年2月20日核对，来源：2026年度通知。" in seen
    assert 'href="https://apply.example/g22"' in page
    assert "怎么办" not in _words(await _page(web, "/p/23"))


async def test_every_clause_has_a_page_with_its_text_verbatim(
    web: Client, services: Services, context: Context
) -> None:
    for policy in context.knowledge.index.library.policies:
        page = await _page(web, f"/p/{policy.key}")
        text = re.search(r'<p class="text">(.*?)</p>', page, re.DOTALL)
        assert text is not None
        assert html.unescape(re.sub(r"</?span[^>]*>", "", text[1])) == policy.text
        assert all(department in page for department in policy.departments)


async def test_a_period_that_is_over_is_said_without_calling_the_clause_void(web: Client) -> None:
    seen = _words(await _page(web, "/p/11"))
    assert "期限（至2025年12月31日）已过" in seen
    assert "请向区工信局、区自然资源局确认" in seen
    assert "失效" not in seen
    assert "已过" not in _words(await _page(web, "/p/12"))


async def test_provisional_tracks_are_marked(web: Client) -> None:
    assert "暂定目录" in await _page(web, "/p/45")
    assert "通用，各赛道均适用" in _words(await _page(web, "/p/22"))


async def test_an_open_window_shows_and_a_sample_says_so(
    web: Client, services: Services, context: Context
) -> None:
    opens, closes = date(2026, 3, 1), date(2026, 4, 30)
    await context.windows.put([WindowFields(22, opens, closes, "技改奖补", "https://apply.example/22")])
    await context.windows.put([WindowFields(45, opens, closes, "淡化奖补", "")], sample=True)
    page = await _page(web, "/p/22")
    assert "技改奖补" in page
    assert "2026年3月1日至2026年4月30日" in page
    assert 'href="https://apply.example/22"' in page
    assert "示例" not in page
    assert "正在申报（示例）" in await _page(web, "/p/45")


@pytest.mark.parametrize("address", ["/p/50", "/p/0", "/p/abc", "/p/999999999", "/p/22/x"])
async def test_what_is_not_there_gets_a_page_that_helps_on(web: Client, address: str) -> None:
    page = await _page(web, address, status=404)
    assert "没有这一页" in page
    assert 'name="q"' in page


async def test_the_search_page_offers_the_ways_in(web: Client) -> None:
    page = await _page(web, "/p")
    for words in ("大赛活动遴选转化先进技术产品", "海水淡化", "暂定目录", "区工信局", 'name="q"'):
        assert words in page


@pytest.mark.parametrize(
    ("typed", "clause"), [("首台套", 4), ("第22条", 22), ("工信局有哪些政策", 22), ("海水淡化能补多少", 45)]
)
async def test_a_search_finds_what_the_chat_finds(web: Client, typed: str, clause: int) -> None:
    assert f'href="/p/{clause}"' in await _page(web, f"/p?q={quote(typed)}")


@pytest.mark.parametrize(
    ("typed", "heading"), [("海水淡化", "“海水淡化”"), ("工信局", "区工信局"), ("第22条", "第22条")]
)
async def test_the_heading_is_what_was_typed_or_what_the_document_calls_it(
    web: Client, typed: str, heading: str
) -> None:
    page = await _page(web, f"/p?q={quote(typed)}")
    assert f'<h1 class="result">{heading}' in page


async def test_the_confidential_part_leads_to_the_query_office(web: Client) -> None:
    page = await _page(web, f"/p?q={quote('涉密的那部分政策怎么看')}")
    assert 'href="tel:13210876217"' in page
    assert "青岛古镇口核心区管委" in page


async def test_nothing_found_says_so_and_offers_the_ways_in(web: Client) -> None:
    page = await _page(web, f"/p?q={quote('海参怎么泡发')}")
    assert "没有找到对应的条款" in page
    assert "按部门" in page


async def test_what_is_typed_is_text_on_the_page(web: Client) -> None:
    page = await _page(web, "/p?q=" + quote('"><script>alert(1)</script>'))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("address", ["/p", "/p/22", "/p/50"])
async def test_pages_are_strict_and_self_sufficient(web: Client, address: str) -> None:
    async with web.get(address) as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    fetched = re.findall(
        r'<(?:link rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"', page
    )
    assert fetched
    assert all(address.startswith("/p/") for address in fetched)
    assert "<style" not in page
    assert " style=" not in page
    assert len(page.encode()) < 100_000


async def test_the_style_sheet_is_cached_for_as_long_as_it_stays_the_same(web: Client) -> None:
    page = await _page(web, "/p/22")
    address = re.search(r'href="(/p/page\.css\?v=[0-9a-f]+)"', page)
    assert address is not None
    async with web.get(address[1]) as response:
        assert response.headers["Content-Type"].startswith("text/css")
        assert "max-age=31536000" in response.headers["Cache-Control"]
        assert "url(" not in await response.text()
    async with web.get("/p/page.css?v=old") as response:
        assert "max-age=86400" in response.headers["Cache-Control"]
