"""A session that ends in the middle of writing loses no word, and signing in leads back to where one was."""

import html
import re

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import expect
from sqlalchemy import select

from alerts.model.tables import Campaign
from console.access.signing_in import COOKIE
from storage.sql.database import Database
from tests.console.conftest import PASSWORD, Browser, csrf_of, sign_in, tokens_of

COMPOSE = "/console/broadcasts/new"
OURS = {"Sec-Fetch-Site": "same-origin"}
WORDS = "\n周六上午停电检修，\n“请提前”安排 <b>生产</b>。"
TYPED = {"title": "停电通知", "body": WORDS, "audience": "everyone", "channel": "auto"}


def fields_of(page: str) -> dict[str, str]:
    """What a form holds that waits to be sent on, as a browser would send it."""
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    kept = re.findall(r'<textarea name="(\w+)" hidden>\n?(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in [*hidden, *kept]}


async def lose_session(client: Browser) -> None:
    client.session.cookie_jar.update_cookies({COOKIE: "gone"}, client.make_url("/console/"))


async def bodies(database: Database) -> list[str]:
    async with database.read() as session:
        return [one.content["body"] for one in await session.scalars(select(Campaign))]


@pytest.mark.parametrize("path", ["/console/campaigns?status=draft&kind=", "/console/people"])
async def test_signing_in_leads_back_to_where_one_was(desk, path: str) -> None:
    client = await desk()
    page = await client.get(path)
    assert page.url.path == "/console/sign-in"
    fields = fields_of(await page.text()) | {"name": "viewer", "password": "wrong"}
    again = await client.post("/console/sign-in", data=fields)
    fields = fields_of(await again.text()) | {"name": "viewer", "password": PASSWORD}
    answer = await client.post("/console/sign-in", data=fields, allow_redirects=False)
    assert answer.headers["Location"] == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/console/",
        "//evil.example/console/",
        "/console/../wechat",
        "/console/\\evil.example",
        "/console/sign-out",
        "/console/sign-in?next=x",
        "/me",
        "/console/%0d%0aSet-Cookie:x",
        "javascript:alert(1)",
    ],
)
async def test_signing_in_leads_nowhere_but_into_the_desk(desk, elsewhere: str) -> None:
    client = await desk()
    data = {"csrf": await csrf_of(client, "/console/sign-in"), "name": "viewer", "password": PASSWORD}
    answer = await client.post("/console/sign-in", data={**data, "next": elsewhere}, allow_redirects=False)
    assert answer.headers["Location"] == "/console/"


async def test_what_was_typed_is_sent_on_after_signing_in(desk, sqlite_database: Database) -> None:
    client = await desk()
    await sign_in(client, "editor")
    typed = {**TYPED, **await tokens_of(client, COMPOSE)}
    await lose_session(client)
    page = await client.post(COMPOSE, data=typed, headers=OURS)
    assert page.status == 401
    again = fields_of(await page.text()) | {"name": "editor", "password": PASSWORD}
    asked = await (await client.post("/console/sign-in", data=again)).text()
    assert "刚才填写的内容还在" in asked
    assert f'action="{COMPOSE}"' in asked
    assert await bodies(sqlite_database) == []
    assert "草稿已保存" in await (await client.post(COMPOSE, data=fields_of(asked))).text()
    assert await bodies(sqlite_database) == [WORDS.strip()]


async def test_a_page_of_the_session_before_is_asked_about_and_loses_nothing(
    desk, sqlite_database: Database
) -> None:
    client = await desk()
    await sign_in(client, "editor")
    typed = {**TYPED, **await tokens_of(client, COMPOSE)}
    await sign_in(client, "editor")  # in another tab
    asked = await (await client.post(COMPOSE, data=typed, headers=OURS)).text()
    assert await bodies(sqlite_database) == []
    assert "草稿已保存" in await (await client.post(COMPOSE, data=fields_of(asked))).text()
    assert len(await bodies(sqlite_database)) == 1


async def test_another_sites_form_is_neither_kept_nor_asked_about(desk) -> None:
    client = await desk()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        answer = await client.post(COMPOSE, data=TYPED, headers=headers, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/console/sign-in")
    await sign_in(client, "editor")
    answer = await client.post(COMPOSE, data=TYPED, headers={"Sec-Fetch-Site": "cross-site"})
    assert "停电通知" not in await answer.text()


@pytest.mark.parametrize("kept", ["[1]", "[" * 20_000, '[["title", "\\ud800"]]', '{"title": 1}'])
async def test_what_is_no_form_of_ours_is_not_shown_after_sign_in(desk, kept: str) -> None:
    client = await desk()
    data = {"csrf": await csrf_of(client, "/console/sign-in"), "name": "viewer", "password": PASSWORD}
    sent = {**data, "next": COMPOSE, "kept": kept}
    answer = await client.post("/console/sign-in", data=sent, allow_redirects=False)
    assert answer.status == 303


async def test_no_password_is_kept_in_a_page(desk) -> None:
    client = await desk()
    data = {"old": PASSWORD, "new": "another horse battery"}
    page = await (await client.post("/console/accounts/password", data=data, headers=OURS)).text()
    assert PASSWORD not in page
    assert "another horse" not in page


async def test_a_key_is_revoked_after_a_question_without_scripts_too(desk) -> None:
    client = await desk()
    await sign_in(client, "admin")
    made = await tokens_of(client, "/console/accounts", "/console/accounts/keys")
    await client.post("/console/accounts/keys", data={**made, "name": "门户", "role": "viewer"})
    path = "/console/accounts/keys/1/revoke"
    page = await (await client.post(path, data=await tokens_of(client, "/console/accounts", path))).text()
    assert "吊销该密钥？" in page
    assert "已吊销（" not in await (await client.get("/console/accounts")).text()
    assert "密钥已吊销" in await (await client.post(path, data=fields_of(page))).text()


@pytest.mark.browser
async def test_composing_goes_on_in_the_browser_when_the_session_ends(
    desk, browser: Chromium, sqlite_database: Database
) -> None:
    client = await desk()
    page = await browser.new_page()
    await page.goto(str(client.make_url(COMPOSE)))
    await page.get_by_label("账号").fill("editor")
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("heading", name="撰写公告")).to_be_visible()
    await page.get_by_label("标题").fill("停电通知")
    await page.get_by_label("全部关注者").check()
    await page.context.clear_cookies(name=COOKIE)
    await page.get_by_label("正文").fill("周六上午停电检修。")
    await expect(page.locator("[data-phone]")).to_contain_text("登录已超时，预览暂停")
    await expect(page.locator("[data-phone]").get_by_label("密码")).to_have_count(0)
    await page.get_by_role("button", name="保存草稿").click()
    await page.get_by_label("账号").fill("editor")
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("definition")).to_contain_text(["停电通知", "周六上午停电检修。"])
    await page.get_by_role("button", name="继续").click()
    await expect(page.get_by_role("status")).to_contain_text("草稿已保存")
    assert await bodies(sqlite_database) == ["周六上午停电检修。"]
