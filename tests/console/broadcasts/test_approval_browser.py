"""An approver's way through a draft, and two editors' through a conflict, in a browser with and without scripts.

With PICTURES set to a folder, the pages are kept there as pictures, wide and narrow, light and dark.
"""

import pytest
from playwright.async_api import expect

from policies.library.library_file import load_library
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member, Subscription
from tests.console.desk_in_browser import OpenDesk, picture

pytestmark = pytest.mark.browser

CLAUSE = next(policy for policy in load_library().policies if policy.key == 22)


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


async def test_an_approver_sees_every_change_and_how_many_are_told_before_publishing(
    open_desk: OpenDesk, drafted: None, sqlite_database: Database
) -> None:
    page = await open_desk("approver")
    await page.goto("/console/policies/drafts")
    await expect(page.get_by_label("正文").locator("del")).to_have_text("600万元")
    await expect(page.get_by_label("正文").locator("ins")).to_have_text("700万元")
    await expect(page.get_by_label("关键词")).to_contain_text("设备更新贴补")
    await expect(page.get_by_label("正文").locator("details").first).to_contain_text("未改动")
    box = page.get_by_label("发布这一条")
    await expect(box).not_to_be_checked()
    await picture(page, "drafts", ("light", "dark"))
    await box.check()
    await page.get_by_role("button", name="核对所选").click()
    await expect(page.locator("main")).to_contain_text("将提醒 2 人")
    await expect(page.locator(".bubble")).to_contain_text("最高700万元")
    await picture(page, "publish", ("light", "dark"))
    await page.get_by_role("button", name="发布并提醒 2 人").click()
    await expect(page.get_by_role("status")).to_contain_text("已发布 1 条")
    published = await PolicyStore(sqlite_database, system_clock).published()
    assert "700万元" in published.policies[21].text


async def test_a_draft_is_given_up_only_after_a_question(
    open_desk: OpenDesk, drafted: None, sqlite_database: Database
) -> None:
    page = await open_desk("editor")
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
    open_desk: OpenDesk, drafted: None, sqlite_database: Database
) -> None:
    first, second = await open_desk("editor"), await open_desk("approver")
    for page, title in ((first, "先到的标题"), (second, "后到的标题")):
        await page.goto("/console/policies/22/edit")
        await page.get_by_label("标题").fill(title)
    await picture(first, "edit", ("light", "dark"))
    await first.get_by_role("button", name="保存草稿").click()
    await expect(first.get_by_role("status")).to_contain_text("草稿已保存")
    await second.get_by_role("button", name="保存草稿").click()
    await expect(second.get_by_role("alert")).to_contain_text("请逐项选择")
    await expect(second.locator("fieldset")).to_contain_text("先到的标题")
    await expect(second.locator("fieldset")).to_contain_text("后到的标题")
    await picture(second, "conflict", ("light", "dark"))
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


async def test_a_text_that_is_too_long_is_counted_and_never_cut(
    open_desk: OpenDesk, request: pytest.FixtureRequest
) -> None:
    page = await open_desk("editor")
    await page.goto("/console/broadcasts/new")
    await page.get_by_label("标题").fill("停电通知")
    text = "正文😀" * 250
    await page.get_by_label("正文").fill(text)
    await page.get_by_label("全部关注者").check()
    if "without" not in request.node.name:
        await expect(page.locator("form.card")).to_contain_text("已写 750 个字，超出 150 个，请删减后再保存")
        await picture(page, "too-long", ("light", "dark"))
    await page.get_by_role("button", name="保存草稿").click()
    await expect(page.get_by_role("alert")).to_contain_text("正文为 1–600 个字，现在有 750 个字，请删减")
    await expect(page.get_by_label("正文")).to_have_value(text)
