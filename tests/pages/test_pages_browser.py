"""The pages in a phone's browser: readable, within the screen, by day and by night, nothing from elsewhere."""

import pytest

from tests.handlers.phone_browser import Phone

pytestmark = pytest.mark.browser


async def test_a_clause_reads_well(phone: Phone) -> None:
    await phone.opens("/p/22")
    assert await phone.page.locator("h1").inner_text() == "企业技术改造设备投资奖补"
    assert "最高600万元" in await phone.page.locator("table.figures").inner_text()
    await phone.is_in_order()
    await phone.keeps("p-22")


@pytest.mark.parametrize(
    "path", ["/p", "/p/38", "/p/11", "/p/open", "/p?q=%E5%8C%BA%E5%B7%A5%E4%BF%A1%E5%B1%80", "/match"]
)
async def test_other_pages_are_in_order(phone: Phone, path: str) -> None:
    await phone.opens(path)
    await phone.is_in_order()


async def test_a_question_typed_leads_to_the_clause(phone: Phone) -> None:
    await phone.opens("/p")
    await phone.page.get_by_label("搜索政策").fill("海水淡化能补多少")
    await phone.page.get_by_role("button", name="搜索").click()
    await phone.page.get_by_role("link", name="第45条").click()
    assert "海水淡化" in await phone.page.locator("h1").inner_text()


async def test_on_paper_it_is_always_day(phone: Phone) -> None:
    await phone.opens("/p/22")
    await phone.page.emulate_media(media="print", color_scheme="dark")
    number = phone.page.locator(".number")
    assert await number.evaluate("one => getComputedStyle(one).color") == "rgb(11, 100, 112)"
    assert await phone.page.get_by_role("button", name="搜索").count() == 0
