"""A form acts once, however often it is sent: by two clicks, by a network that repeats, with and without scripts."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select

from console.tables import ApiKey, AuditEntry
from storage.sql.database import Database
from tests.alerts.delivery_stage import Wechat
from tests.console.conftest import left, said, sign_in, tokens_of
from tests.console.desk_in_browser import sign_in_on
from tests.console.hostile_desk import PAGES, furnish

TALK = "/console/people/1"
WORDS = "请看第45条，窗口在区海洋发展局。"


@pytest.fixture
def editor(editor, waiting: int):
    """One with a conversation that waits for an answer."""
    return editor


async def test_a_doubled_answer_is_sent_once_and_both_lead_to_the_same_place(
    editor, sqlite_database: Database, wechat: Wechat
) -> None:
    await wechat.faults({"path": "/cgi-bin/message/custom/send", "kind": "slow", "seconds": 0.3})
    data = {**await tokens_of(editor, TALK), "content": WORDS}
    answers = await asyncio.gather(*(editor.post(TALK, data=data, allow_redirects=False) for _ in range(3)))
    assert [(one.status, one.headers["Location"]) for one in answers] == [(303, TALK)] * 3
    assert "已发送" in await (await editor.get(TALK)).text()
    assert await said(sqlite_database) == [WORDS]
    assert await left(sqlite_database) == 4


async def test_a_repeat_long_after_is_told_what_came_of_the_first(editor, sqlite_database: Database) -> None:
    data = {**await tokens_of(editor, TALK), "content": WORDS}
    for _ in range(2):
        assert "已发送" in await (await editor.post(TALK, data=data)).text()
    assert await said(sqlite_database) == [WORDS]


async def test_other_words_and_the_same_words_from_a_new_page_are_meant(
    editor, sqlite_database: Database
) -> None:
    data = await tokens_of(editor, TALK)
    await editor.post(TALK, data={**data, "content": "您好"})
    await editor.post(TALK, data={**data, "content": "请稍等"})
    await editor.post(TALK, data={**await tokens_of(editor, TALK), "content": "您好"})
    assert await said(sqlite_database) == ["您好", "请稍等", "您好"]


async def test_what_was_surely_not_done_may_come_again(
    editor, sqlite_database: Database, wechat: Wechat
) -> None:
    fault = {"path": "/cgi-bin/message/custom/send", "kind": "errcode", "errcode": 43019, "times": 1}
    await wechat.faults(fault)
    data = {**await tokens_of(editor, TALK), "content": WORDS}
    assert (await editor.post(TALK, data=data)).status == 409
    assert "已发送" in await (await editor.post(TALK, data=data)).text()
    assert await said(sqlite_database) == [WORDS]


async def test_what_may_have_arrived_is_not_sent_again(
    editor, sqlite_database: Database, wechat: Wechat
) -> None:
    await wechat.faults({"path": "/cgi-bin/message/custom/send", "kind": "reset_after", "times": 1})
    data = {**await tokens_of(editor, TALK), "content": WORDS}
    assert "结果不明" in await (await editor.post(TALK, data=data)).text()
    again = await editor.post(TALK, data=data, headers={"Referer": str(editor.make_url(TALK))})
    page = await again.text()
    assert "只处理一次" in page
    assert f'href="{TALK}"' in page
    assert await left(sqlite_database) == 4


async def test_a_form_that_broke_down_in_its_middle_is_not_tried_again(
    editor, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("subscriptions.handoff.Handoffs.answer", breaks)
    data = {**await tokens_of(editor, TALK), "content": WORDS}
    broken = await editor.post(TALK, data=data)
    assert broken.status == 500
    assert "请稍后重试" in await broken.text()
    assert "default-src 'none'" in broken.headers["Content-Security-Policy"]
    assert "只处理一次" in await (await editor.post(TALK, data=data)).text()
    assert await left(sqlite_database) == 4


async def test_a_secret_is_shown_once_and_made_once(desk, sqlite_database: Database, redis_client) -> None:
    client = await desk()
    await sign_in(client, "admin")
    data = {**await tokens_of(client, "/console/accounts", "/console/accounts/keys"), "name": "erp"}
    first, second = [
        await (await client.post("/console/accounts/keys", data={**data, "role": "viewer"})).text()
        for _ in range(2)
    ]
    key = re.search(r"pb_[\w-]+", first)
    assert key
    assert "只处理一次" in second
    assert key[0] not in second
    for name in await redis_client.keys("*"):
        assert key[0].encode() not in (await redis_client.get(name) or b"")
    async with sqlite_database.read() as session:
        assert await session.scalar(select(func.count()).select_from(ApiKey)) == 1


async def test_every_form_that_changes_something_has_tokens_of_its_own(
    desk, sqlite_database: Database
) -> None:
    await furnish(sqlite_database)
    client = await desk()
    await sign_in(client, "admin")
    seen: list[str] = []
    for path in PAGES:
        page = await (await client.get(path)).text()
        forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
        tokens = [re.findall(r'name="once" value="([^"]+)"', form) for form in forms]
        assert all(len(one) == 1 for one in tokens), path
        seen += [one for [one] in tokens]
    assert len(set(seen)) == len(seen) > 40


async def opened(context: BrowserContext) -> Page:
    """The conversation on an editor's screen, an answer typed."""
    page = await context.new_page()
    await sign_in_on(page, "editor")
    await page.goto(TALK)
    await page.get_by_label("回复").fill(WORDS)
    return page


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_a_double_click_sends_once(
    desk, waiting: int, sqlite_database: Database, browser: Browser, wechat: Wechat, scripts: bool
) -> None:
    client = await desk()
    await wechat.faults({"path": "/cgi-bin/message/custom/send", "kind": "slow", "seconds": 0.3})
    context = await browser.new_context(
        base_url=str(client.make_url("/")), locale="zh-CN", java_script_enabled=scripts
    )
    page = await opened(context)
    await page.get_by_role("button", name="发送").dblclick(delay=20)
    await expect(page.get_by_role("status")).to_contain_text("已发送")
    assert await said(sqlite_database) == [WORDS]
    assert await left(sqlite_database) == 4
    async with sqlite_database.read() as session:
        answered = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "人工回复")
        assert await session.scalar(answered) == 1
    await context.close()


@pytest.mark.browser
async def test_the_button_rests_while_a_form_is_under_way_and_works_again_afterwards(
    desk, waiting: int, browser: Browser, wechat: Wechat
) -> None:
    client = await desk()
    await wechat.faults({"path": "/cgi-bin/message/custom/send", "kind": "slow", "seconds": 0.3})
    context = await browser.new_context(base_url=str(client.make_url("/")), locale="zh-CN")
    page = await opened(context)
    button = page.get_by_role("button", name="发送")
    clicked = "button => new Promise(look => { button.click(); setTimeout(() => look(button.disabled), 5); })"
    assert await button.evaluate(clicked)
    await expect(page.get_by_role("status")).to_contain_text("已发送")
    await expect(button).to_be_enabled()
    await context.close()
