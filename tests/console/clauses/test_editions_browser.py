"""An operator's way through a new edition in a browser: look, correct, decide, make drafts; another person publishes.

With PICTURES set to a folder, the pages are kept there as pictures.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from alerts.lease.lease import SCHEDULER, HeldLease, take
from alerts.model.tables import Campaign, Delivery
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.tick import Tick, TickMetrics
from console.access.audit import entries
from policies.library.tables import WindowRow
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from policies.questions.lessons import Lessons
from policies.windows.application_windows import Windows
from policies.windows.window_fields import WindowFields
from storage.clock import day_of, system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.topics import clause_topic
from subscriptions.tables import Member, Subscription
from tests.console.desk_in_browser import OpenDesk, picture
from tests.policies.importing.editions import as_text, seed

pytestmark = pytest.mark.browser

WITHOUT_12 = (Path(__file__).parents[2] / "data" / "import" / "e1.txt").read_bytes()


async def compare(page: Page, raw: bytes, name: str = "二〇二七.txt") -> None:
    """Upload a file and come to its comparison."""
    await page.goto("/console/policies/import")
    await page.get_by_label("文件", exact=True).set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": raw}
    )
    await page.get_by_role("button", name="读取并对照").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()


async def member(database: Database, *tracks: str) -> int:
    async with database.write() as session:
        one = Member(openid=f"o_{'_'.join(tracks)}", followed_at=system_clock())
        session.add(one)
        await session.flush()
        session.add_all(
            Subscription(member_id=one.id, track_id=track, since=system_clock()) for track in tracks
        )
        return one.id


@pytest.fixture
async def held(sqlite_database: Database) -> HeldLease:
    """The scheduler's lease."""
    held = await take(sqlite_database, SCHEDULER, "test", seconds=3600)
    assert held is not None
    return held


async def told(database: Database, held: HeldLease) -> list[tuple[str, set[int]]]:
    """What the next tick tells, and whom."""
    store = PolicyStore(database, system_clock)
    made = await Tick(database, store, system_clock, TickMetrics.register(CollectorRegistry()))(held)
    progress = CampaignProgress(database, system_clock)
    await progress.start(held)
    await progress.list_all(held)
    found = []
    async with database.read() as session:
        for campaign_id in made:
            campaign = await session.get_one(Campaign, campaign_id)
            members = await session.scalars(
                select(Delivery.member_id).where(Delivery.campaign_id == campaign_id)
            )
            found.append((campaign.content["summary"] or campaign.kind, set(members)))
    return found


async def publish_all(page: Page, name: str = "二〇二七.txt") -> None:
    """As an approver: the import's drafts, all at once."""
    await page.goto("/console/policies/drafts")
    await page.get_by_role("link", name=name).click()
    await page.get_by_role("link", name="核对并发布全部").click()
    await picture(page, "edition-publish")
    await page.locator("main form[method=post] button").click()
    await expect(page.get_by_role("status")).to_contain_text("已发布")


async def test_an_edition_without_clause_12_from_the_file_to_the_last_alert(
    open_desk: OpenDesk, sqlite_database: Database, held: HeldLease
) -> None:
    today = day_of(system_clock())
    windows, lessons = Windows(sqlite_database, system_clock), Lessons(sqlite_database)
    editor, approver = await open_desk("editor"), await open_desk("approver")
    await windows.put(
        WindowFields(number, today, today + timedelta(days=40), f"窗口{number}", "")
        for number in (12, 22, 45, 49)
    )
    await lessons.teach(45, "海水制淡水", "li")
    energy, asked = await member(sqlite_database, "green-energy"), await member(sqlite_database)
    await Members(sqlite_database, system_clock).subscribe_topics(asked, (clause_topic(12),))
    other = await member(sqlite_database, "desalination", "ai")
    assert {who for _, people in await told(sqlite_database, held) for who in people} == {
        energy,
        asked,
        other,
    }

    await compare(editor, WITHOUT_12)
    await expect(editor.locator("dl.counters")).to_contain_text("不再收录")
    await expect(editor.get_by_role("heading", name="仅编号变动（37 条）")).to_be_visible()
    await expect(editor.get_by_role("heading", name="未变（11 条）")).to_be_visible()
    await expect(editor.locator("details", has_text="没有收入条款的文字").locator("li").first).to_be_visible()
    await picture(editor, "edition")
    assert await Drafts(sqlite_database, system_clock).open() == ()
    await editor.get_by_role("button", name="生成草稿").click()
    await expect(editor.locator(".notice")).to_contain_text("没有决定")
    assert await Drafts(sqlite_database, system_clock).open() == ()

    await editor.get_by_label("申报期 1 项").select_option(value="to:13")
    await editor.get_by_label("订阅这一条的用户 1 项").select_option(value="to:13")
    await editor.get_by_label("告知订阅者由哪一条接替").select_option(value="13")
    await editor.get_by_role("button", name="保存更正并重新对照").click()
    await expect(editor.get_by_label("申报期 1 项")).to_have_value("to:13")
    await expect(editor.locator(".bubble")).to_contain_text("原第12条已不在现行文件中，由第13条接替")
    await expect(editor.locator("main")).to_contain_text("将提醒 2 人")
    await editor.get_by_role("button", name="生成草稿").click()
    await expect(editor.get_by_role("status")).to_contain_text("已生成 39 份草稿")

    await publish_all(approver)
    async with sqlite_database.read() as session:
        hanging = {row.title: row.policy_id for row in await session.scalars(select(WindowRow))}
    assert hanging == {"窗口12": 14, "窗口22": 22, "窗口45": 45, "窗口49": 49}
    assert [(one.word, one.policy_id) for one in await lessons.all()] == [("海水制淡水", 45)]
    assert await told(sqlite_database, held) == [
        ("原第12条已不在现行文件中，由第13条接替。", {energy, asked})
    ]
    await editor.goto("/console/windows")
    await expect(editor.locator("main")).to_contain_text("第21条")


@pytest.mark.parametrize("open_desk", [False], ids=["without"], indirect=True)
async def test_sections_that_change_places_reach_nobody(
    open_desk: OpenDesk, sqlite_database: Database, held: HeldLease
) -> None:
    """By the buttons that the edition without clause 12 goes by, with scripts too."""
    editor, approver = await open_desk("editor"), await open_desk("approver")
    await member(sqlite_database, "ai", "green-energy", "desalination")
    document, parts = seed()
    parts[2], parts[3] = parts[3], parts[2]
    await compare(editor, as_text(document, parts))
    await expect(editor.get_by_role("heading", name="仅编号变动（7 条）")).to_be_visible()
    await expect(editor.locator("main")).to_contain_text("将提醒 0 人")
    await editor.get_by_role("button", name="生成草稿").click()
    await publish_all(approver)
    assert await told(sqlite_database, held) == []


async def test_a_pair_is_corrected_by_choosing_another_clause(
    open_desk: OpenDesk, sqlite_database: Database
) -> None:
    editor = await open_desk("editor")
    document, parts = seed()
    parts[0][2][1] = "对落户的无人艇企业免费提供岸线与试验水域，由新区统一安排引航（区海洋发展局）。"
    await compare(editor, as_text(document, parts))
    await expect(editor.get_by_role("heading", name="新增（1 条）")).to_be_visible()
    await editor.get_by_label("对应原条款").first.fill("第99条")
    await editor.get_by_role("button", name="保存更正并重新对照").click()
    await expect(editor.get_by_role("alert")).to_contain_text("没有找到这些条款：第99条")
    await editor.get_by_label("对应原条款").first.fill("第 2 条")
    await editor.get_by_role("button", name="保存更正并重新对照").click()
    await expect(editor.get_by_role("heading", name="调整（1 条）")).to_be_visible()
    await expect(editor.get_by_label("正文").first).to_contain_text("无人艇")
    await picture(editor, "edition-corrected")
    await editor.get_by_label("对应原条款").first.fill("")
    await editor.get_by_role("button", name="保存更正并重新对照").click()
    await expect(editor.get_by_role("heading", name="新增（1 条）")).to_be_visible()


async def test_a_wrong_file_is_thrown_away_whole(open_desk: OpenDesk, sqlite_database: Database) -> None:
    editor = await open_desk("editor")
    await compare(editor, "某县若干措施\n1.对首次入规企业给予10万元奖励。\n2.对技改给予200万元。".encode())
    await expect(editor.locator("main")).to_contain_text("可能选错了文件")
    await editor.get_by_role("button", name="生成草稿").click()
    await expect(editor.locator(".notice")).to_contain_text("份草稿")
    drafts = len(await Drafts(sqlite_database, system_clock).open())
    assert drafts > 49
    await editor.get_by_role("button", name="放弃全部").click()
    await expect(editor.get_by_role("status")).to_contain_text(f"{drafts} 份草稿")
    assert await Drafts(sqlite_database, system_clock).open() == ()
    [gone] = [one for one in await entries(sqlite_database) if one.action == "放弃导入"]
    assert gone.before["草稿"] == drafts
