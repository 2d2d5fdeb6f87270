"""An approver's way through a draft, and two editors' through a conflict, in a browser with and without scripts.

With PICTURES set to a folder, the pages are kept there as pictures, wide and narrow, light and dark.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from policies.library.library_file import load_library
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member, Subscription
from tests.console.conftest import PASSWORD

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("PICTURES", "")
CLAUSE = next(policy for policy in load_library().policies if policy.key == 22)
SignIn = Callable[[str], Awaitable[Page]]


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
async def sign_in(desk, browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[SignIn]:
    base = str((await desk()).make_url("/"))
    contexts: list[BrowserContext] = []

    async def opened(name: str) -> Page:
        context = await browser.new_context(
            base_url=base,
            locale="zh-CN",
            java_script_enabled=request.param,
            viewport={"width": 1280, "height": 900},
        )
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(20_000)
        await page.goto("/console/sign-in")
        await page.get_by_label("账号").fill(name)
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录").click()
        return page

    yield opened
    for context in contexts:
        await context.close()


@pytest.fixture
async def drafted(desk, sqlite_database: Database) -> None:
    """Clause 22 with another cap, another keyword and another track; two people follow its tracks."""
    await desk()
    text = CLAUSE.text.replace("600万元", "700万元")
    amounts = tuple(
        one.model_copy(update={"quote": one.quote.replace("600万元", "700万元"), "cap_cny": 7_000_000})
        if "600万元" in one.quote
        else one
        for one in CLAUSE.amounts
    )
    changed = CLAUSE.model_copy(
        update={"text": text, "amounts": amounts, "keywords": (*CLAUSE.keywords, "设备更新贴补")}
    )
    await Drafts(sqlite_database, system_clock).begin(changed, author="editor", note="上限调整")
    async with sqlite_database.write() as session:
        people = [Member(openid=f"o_{n}", followed_at=system_clock()) for n in range(2)]
        session.add_all(people)
        await session.flush()
        session.add_all(Subscription(member_id=one.id, track_id="ai", since=system_clock()) for one in people)


async def picture(page: Page, name: str) -> None:
    """Keep the page as it looks wide and narrow, light and dark."""
    if not PICTURES:
        return
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)
    await page.set_viewport_size({"width": 1280, "height": 900})


async def test_an_approver_sees_every_change_and_how_many_are_told_before_publishing(
    sign_in: SignIn, drafted: None, sqlite_database: Database
) -> None:
    page = await sign_in("approver")
    await page.goto("/console/policies/drafts")
    await expect(page.get_by_label("正文").locator("del")).to_have_text("600万元")
    await expect(page.get_by_label("正文").locator("ins")).to_have_text("700万元")
    await expect(page.get_by_label("关键词")).to_contain_text("设备更新贴补")
    await expect(page.get_by_label("正文").locator("details").first).to_contain_text("未改动")
    box = page.get_by_label("发布这一条")
    await expect(box).not_to_be_checked()
    await picture(page, "drafts")
    await box.check()
    await page.get_by_role("button", name="核对所选").click()
    await expect(page.locator("main")).to_contain_text("将提醒 2 人")
    await expect(page.locator(".bubble")).to_contain_text("最高700万元")
    await picture(page, "publish")
    await page.get_by_role("button", name="发布并提醒 2 人").click()
    await expect(page.get_by_role("status")).to_contain_text("已发布 1 条")
    published = await PolicyStore(sqlite_database, system_clock).published()
    assert "700万元" in published.policies[21].text


async def test_a_draft_is_given_up_only_after_a_question(
    sign_in: SignIn, drafted: None, sqlite_database: Database
) -> None:
    page = await sign_in("editor")
    await page.goto("/console/policies/drafts/51")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="放弃草稿").click()
    if await page.get_by_role("button", name="继续").count():  # without scripts a page asks
        assert await Drafts(sqlite_database, system_clock).of(22) is not None
        await expect(page.locator("main")).to_contain_text("放弃这份草稿？")
        await page.get_by_role("button", name="继续").click()
    await expect(page.get_by_role("status")).to_contain_text("草稿已放弃")
    assert await Drafts(sqlite_database, system_clock).of(22) is None


async def test_who_came_second_sees_both_texts_and_chooses(
    sign_in: SignIn, drafted: None, sqlite_database: Database
) -> None:
    first, second = await sign_in("editor"), await sign_in("approver")
    for page, title in ((first, "先到的标题"), (second, "后到的标题")):
        await page.goto("/console/policies/22/edit")
        await page.get_by_label("标题").fill(title)
    await picture(first, "edit")
    await first.get_by_role("button", name="保存草稿").click()
    await expect(first.get_by_role("status")).to_contain_text("草稿已保存")
    await second.get_by_role("button", name="保存草稿").click()
    await expect(second.get_by_role("alert")).to_contain_text("请逐项选择")
    await expect(second.locator("fieldset")).to_contain_text("先到的标题")
    await expect(second.locator("fieldset")).to_contain_text("后到的标题")
    await picture(second, "conflict")
    await second.get_by_role("button", name="按所选保存").click()  # nothing chosen: nothing is kept
    kept = await Drafts(sqlite_database, system_clock).of(22)
    assert kept is not None
    assert kept.content.title == "先到的标题"
    await second.get_by_label("采用我的").check()
    await second.get_by_role("button", name="按所选保存").click()
    await expect(second.get_by_role("status")).to_contain_text("草稿已保存")
    kept = await Drafts(sqlite_database, system_clock).of(22)
    assert kept is not None
    assert kept.content.title == "后到的标题"
