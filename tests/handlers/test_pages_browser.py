"""The pages in a phone's browser: readable, within the screen, by day and by night, nothing from elsewhere."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
from aiohttp.test_utils import TestClient
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")  # a folder to keep the docs' pictures in


class Phone:
    """A page on a phone, and what it asked for and complained of."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: request.url.startswith(origin) or self.foreign.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))

    async def opens(self, path: str) -> None:
        await self.page.goto(self.origin + path)

    async def is_in_order(self) -> None:
        """Nothing sticks out, nothing comes from elsewhere, nothing bars a person with a reader."""
        assert await self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert self.foreign == []
        assert self.complaints == []
        found = (await Axe().run(self.page)).response["violations"]
        assert [fault["id"] for fault in found if fault["impact"] in {"serious", "critical"}] == []

    async def keeps(self, name: str) -> None:
        if SCREENSHOTS:
            await self.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True, scale="css")


@pytest.fixture(params=["light", "dark"])
async def phone(
    request: pytest.FixtureRequest, browser: Browser, web: "TestClient[Any, Any]"
) -> AsyncIterator[Phone]:
    scheme: Literal["light", "dark"] = request.param
    page = await browser.new_page(viewport=PHONE, device_scale_factor=2, is_mobile=True, color_scheme=scheme)
    yield Phone(page, str(web.make_url("/")).rstrip("/"))
    await page.close()


async def test_a_clause_reads_well(phone: Phone) -> None:
    await phone.opens("/p/22")
    assert await phone.page.locator("h1").inner_text() == "企业技术改造设备投资奖补"
    assert "最高600万元" in await phone.page.locator("table.figures").inner_text()
    await phone.is_in_order()
    scheme = await phone.page.evaluate(
        "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"
    )
    await phone.keeps(f"p-22-{scheme}")


@pytest.mark.parametrize("path", ["/p", "/p/38", "/p/11", "/p?q=%E5%8C%BA%E5%B7%A5%E4%BF%A1%E5%B1%80"])
async def test_other_pages_are_in_order(phone: Phone, path: str) -> None:
    await phone.opens(path)
    await phone.is_in_order()


async def test_a_question_typed_leads_to_the_clause(phone: Phone) -> None:
    await phone.opens("/p")
    await phone.page.get_by_label("搜索政策").fill("海水淡化能补多少")
    await phone.page.get_by_role("button", name="搜索").click()
    await phone.page.get_by_role("link", name="第45条").click()
    assert "海水淡化" in await phone.page.locator("h1").inner_text()
