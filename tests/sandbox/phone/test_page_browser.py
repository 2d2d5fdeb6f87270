"""The chat page in a browser, before a small real bot: what people see, tap and type."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Locator, Page, expect

from sandbox.app import make_sandbox
from sandbox.credentials import Credentials
from sandbox.phone.page import AccountShown
from sandbox.platform.account import SandboxAccount
from sandbox.platform.sandbox_clock import LocalClock
from storage.clock import system_clock
from tests.kit.accessibility import barriers
from tests.sandbox.small_bot import SmallBot

pytestmark = pytest.mark.browser

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
MENU = {
    "button": [
        {"name": "查政策", "sub_button": [{"type": "click", "name": "按部门查", "key": "DEPARTMENTS"}]},
        {"type": "click", "name": "帮助", "key": "HELP"},
    ]
}
WORDS = '可以问<a href="weixin://bizmsgmenu?msgmenucontent=%E7%AC%AC22%E6%9D%A1&msgmenuid=1">第22条</a>'


def answer(message: Any) -> str | None:
    """Welcomes, and says what it was asked."""
    if message.type == "event":
        return {"subscribe": f"欢迎。{WORDS}", "click": f"菜单 {getattr(message, 'key', '')}"}.get(
            message.event
        )
    content = getattr(message, "content", None) or message._data.get("Recognition")
    tapped = message._data.get("bizmsgmenuid", "")
    return f"您问的是{content}{tapped and '，点的'}<script>alert(1)</script>"


class OpenedDesk:
    """The page and what it complained of."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: request.url.startswith(origin) or self.foreign.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def phone(self, nickname: str) -> Locator:
        return self.page.get_by_label(f"{nickname}的手机")

    async def asks(self, nickname: str, text: str) -> None:
        await self.page.get_by_label(f"{nickname}要说的话").fill(text)
        await self.page.keyboard.press("Enter")

    async def is_in_order(self) -> None:
        """Nothing from elsewhere, no complaint, no serious bar to a person with a reader."""
        assert self.foreign == []
        assert self.complaints == []
        assert await barriers(self.page) == []


@pytest.fixture
async def origin(credentials: Credentials, unused_tcp_port: int) -> AsyncIterator[str]:
    bot = SmallBot(credentials)
    bot.answer = answer
    app = bot.app()
    address = f"http://127.0.0.1:{unused_tcp_port}"
    sandbox = make_sandbox(
        SandboxAccount(credentials),
        callback_url=f"{address}/wechat",
        account_shown=lambda: AccountShown("江城惠企", ("海水淡化能补多少",)),
        clock=LocalClock(system_clock),
        declared_menu=MENU,
    )
    app.add_subapp("/sandbox", sandbox)
    async with TestServer(app, port=unused_tcp_port):
        yield address


@pytest.fixture
def opened(browser: Browser, origin: str) -> Any:
    @asynccontextmanager
    async def go(viewport: Any = WIDE, scheme: Any = "light") -> AsyncIterator[OpenedDesk]:
        page = await browser.new_page(viewport=viewport, color_scheme=scheme)
        desk = OpenedDesk(page, origin)
        await page.goto(f"{origin}/sandbox")
        await expect(desk.phone("小林").get_by_text("欢迎")).to_be_visible()
        yield desk
        await page.close()

    return go


async def test_a_typed_question_is_answered(opened: Any) -> None:
    async with opened() as desk:
        await desk.asks("小林", "首台套")
        await expect(desk.phone("小林").get_by_text("您问的是首台套")).to_be_visible()
        await expect(desk.phone("王会计").get_by_text("您问的是首台套")).to_have_count(0)
        await desk.is_in_order()


async def test_three_phones_stand_whole_beside_the_tools(opened: Any) -> None:
    async with opened({"width": 1280, "height": 900}) as desk:
        await expect(desk.page.get_by_role("complementary", name="工具")).to_be_visible()
        assert await desk.page.evaluate("desk.scrollWidth <= desk.clientWidth")


async def test_a_suggestion_is_one_tap_away(opened: Any) -> None:
    async with opened() as desk:
        await desk.phone("小林").get_by_role("button", name="海水淡化能补多少").click()
        await expect(desk.phone("小林").get_by_text("您问的是海水淡化能补多少")).to_be_visible()


async def test_words_in_a_message_are_sent_when_tapped(opened: Any) -> None:
    async with opened() as desk:
        await desk.phone("小林").get_by_role("log").get_by_role("button", name="第22条").click()
        await expect(desk.phone("小林").get_by_text("您问的是第22条，点的")).to_be_visible()


async def test_the_menu_opens_by_keyboard_and_its_key_is_answered(opened: Any) -> None:
    async with opened() as desk:
        top = desk.phone("小林").get_by_role("button", name="查政策")
        await top.focus()
        await desk.page.keyboard.press("Enter")
        await desk.page.keyboard.press("Escape")
        await expect(top).to_be_focused()
        await expect(top).to_have_attribute("aria-expanded", "false")
        await desk.page.keyboard.press("Enter")
        await expect(top).to_have_attribute("aria-expanded", "true")
        await desk.page.keyboard.press("Enter")
        await expect(desk.phone("小林").get_by_text("菜单 DEPARTMENTS")).to_be_visible()
        await expect(top).to_be_focused()


async def test_someone_follows_and_leaves(opened: Any) -> None:
    async with opened() as desk:
        phone = desk.phone("陈经理")
        await phone.get_by_role("button", name="关注公众号").click()
        await expect(phone.get_by_text("欢迎")).to_be_visible()
        await phone.get_by_role("button", name="取消关注").click()
        await expect(phone.get_by_role("button", name="关注公众号")).to_be_visible()


async def test_a_voice_message_is_answered(opened: Any) -> None:
    async with opened() as desk:
        await desk.phone("小林").get_by_role("button", name="语音").click()
        await desk.asks("小林", "海水淡化")
        await expect(desk.phone("小林").get_by_text("您问的是海水淡化")).to_be_visible()


async def test_both_messages_can_be_read(opened: Any) -> None:
    async with opened() as desk:
        await desk.asks("小林", "首台套")
        await expect(desk.phone("小林").get_by_text("您问的是首台套")).to_be_visible()
        await desk.page.get_by_role("button", name="显示报文").click()
        await desk.phone("小林").get_by_role("button", name="报文").last.click()
        dialog = desk.page.get_by_role("dialog")
        for heading in ("推送明文", "推送报文", "应答报文", "应答明文"):
            await expect(dialog.get_by_role("heading", name=heading)).to_be_visible()
        await desk.is_in_order()


async def test_the_date_can_be_set(opened: Any) -> None:
    async with opened() as desk:
        await desk.page.get_by_label("新的日期和时间").fill("2027-03-01T09:30")
        await desk.page.get_by_role("button", name="设为此时").click()
        await expect(desk.page.locator("#now")).to_contain_text("2027-03-01 周一 09:30")
        await desk.page.get_by_role("button", name="回到今天").click()
        await expect(desk.page.locator("#now")).not_to_contain_text("2027-03-01")


async def test_faults_are_set_and_ended(opened: Any) -> None:
    async with opened() as desk:
        await desk.page.get_by_label("系统繁忙").check()
        await expect(desk.page.get_by_text("1 种故障生效")).to_be_visible()
        await desk.page.get_by_role("button", name="全部恢复").click()
        await expect(desk.page.get_by_text("接口一切正常")).to_be_visible()
        await expect(desk.page.get_by_label("系统繁忙")).not_to_be_checked()


async def test_a_page_that_is_opened_again_shows_the_chats_as_they_are(opened: Any) -> None:
    async with opened() as desk:
        await desk.asks("小林", "首台套")
        await expect(desk.phone("小林").get_by_text("您问的是首台套")).to_be_visible()
        await desk.page.reload()
        await expect(desk.phone("小林").get_by_text("您问的是首台套")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_one_chat_shows_and_tabs_lead_to_the_others(opened: Any, scheme: str) -> None:
    async with opened(PHONE, scheme) as desk:
        assert await desk.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        await expect(desk.phone("王会计")).to_be_hidden()
        await desk.page.get_by_role("tab", name="王会计").click()
        await expect(desk.phone("王会计").get_by_text("欢迎")).to_be_visible()
        await expect(desk.phone("小林")).to_be_hidden()
        await desk.page.get_by_role("button", name="工具", exact=True).click()
        await desk.page.get_by_role("button", name="关闭工具").click()
        await desk.is_in_order()
