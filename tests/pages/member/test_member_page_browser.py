"""`/me` on a phone: opened by the link from the chat, ticked, saved, and the chat says the same."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from playwright.async_api import Browser, Page, expect

from bot.runtime.services import Services
from handlers.framework.context import Context
from subscriptions.members.member_tokens import MemberTokens, Purpose
from tests.handlers.chat import Chat
from tests.handlers.phone_browser import PHONE, Phone

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def reachable(context: Context, web: "TestClient[Any, Any]") -> None:
    """Links lead to the house of this test."""
    object.__setattr__(context, "public_url", str(web.make_url("/")).rstrip("/"))


async def link_of(chat: Chat) -> str:
    await chat.says("订阅 海水淡化")
    (address,) = (await chat.says("我的订阅")).links.values()
    return address


async def choose_and_save(page: Page) -> None:
    """Leave one track for two others, ask for the last week alone, gathered once a day, and save."""
    tracks = page.get_by_role("group", name="关注的赛道")
    await tracks.get_by_label("海水淡化").uncheck()
    await tracks.get_by_label("人工智能").check()
    await tracks.get_by_label("集成电路").check()
    for day in ("30 天", "14 天"):
        await page.get_by_label(day, exact=True).uncheck()
    await page.get_by_label("每天汇总").check()
    await page.get_by_label("从", exact=True).fill("22:30")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("status")).to_contain_text("已保存")


async def told_in(chat: Chat) -> str:
    return (await chat.says("我的订阅")).text


SAVED = "截止前 7、3、1 天\n免打扰：22:30–08:30\n方式：每天汇总"


async def press(page: Page) -> None:
    """Open what the link offers."""
    await page.get_by_role("button", name="打开").click()


async def test_what_is_ticked_on_the_phone_is_what_the_chat_says(chat: Chat, phone: Phone) -> None:
    await phone.opens(await link_of(chat))
    await phone.is_in_order()
    await press(phone.page)
    await expect(phone.page.get_by_label("海水淡化")).to_be_checked()
    assert phone.page.url == f"{phone.origin}/me"  # the link's secret left the address
    await expect(phone.page.get_by_role("button", name="保存")).to_be_in_viewport()
    await phone.keeps("me-opened")
    await phone.is_in_order()
    await choose_and_save(phone.page)
    await phone.keeps("me-saved")
    await phone.is_in_order()
    told = await told_in(chat)
    assert "您订阅了 2 个赛道" in told
    assert "人工智能" in told
    assert "集成电路" in told
    assert SAVED in told


async def test_it_works_without_scripts(chat: Chat, browser: Browser) -> None:
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(await link_of(chat))
    await press(page)
    await choose_and_save(page)
    assert SAVED in await told_in(chat)
    await context.close()


async def test_the_keyboard_alone_is_enough(chat: Chat, phone: Phone) -> None:
    await phone.opens(await link_of(chat))
    await phone.page.get_by_role("button", name="打开").focus()
    await phone.page.keyboard.press("Enter")
    await phone.page.get_by_label("人工智能").focus()
    await phone.page.keyboard.press("Space")
    await phone.page.get_by_role("button", name="保存").focus()
    await phone.page.keyboard.press("Enter")
    await expect(phone.page.get_by_role("status")).to_contain_text("已保存")
    assert "人工智能" in await told_in(chat)


async def test_a_link_that_opens_nothing_says_why_and_what_to_do(
    chat: Chat, phone: Phone, browser: Browser, services: Services
) -> None:
    past = MemberTokens(services.secret, services.redis, now=lambda: 1_000_000_000.0)
    link = await link_of(chat)
    foreign = await browser.new_page()
    await foreign.goto(link)
    await press(foreign)
    await expect(foreign.get_by_role("heading")).to_contain_text("我的订阅与提醒")
    for address, why in (
        (f"/me?t={past.sign(Purpose.LINK, 1)}", "链接已过期"),
        (link, "链接已在别处打开过"),
        ("/me?t=forged", "链接不完整或已失效"),
    ):
        await phone.opens(address)
        if address == link:
            await press(phone.page)
        await expect(phone.page.get_by_role("heading")).to_have_text(why)
        await expect(phone.page.get_by_role("main")).to_contain_text("发送“我的订阅”")
        await expect(phone.page.get_by_role("main")).not_to_contain_text("海水淡化")
        phone.complaints.clear()  # the browser notes the refusal's status itself
        await phone.keeps("me-refused")
        await phone.is_in_order()
    await foreign.close()
