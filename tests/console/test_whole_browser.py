"""The whole desk as operators use it: `policybot up`, real pages in a browser, and the phones on the sandbox.

With SCREENSHOTS set to a folder, the pictures of the operators' guide are kept there as desk-*.png.
"""

import asyncio
import csv
import io
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from policies.district.folder import load_district
from sandbox.addresses import API_PREFIX
from sandbox.api.control import crowd_openid
from tests.sandbox.test_whole_browser import ALERT_MS, SCREENSHOTS, START_SECONDS, Up, ask, chat

pytestmark = pytest.mark.browser

COMPENDIUM = Path(__file__).parents[1] / "data" / "compendium.txt"
PASSWORD = "correct horse battery"
CROWD = 240
RATE_PER_S = 30
OPERATORS = {"lin": "editor", "zhou": "approver", "wu": "admin"}

SignIn = Callable[[str], Awaitable[Page]]


@pytest.fixture
async def up(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Up]:
    """A running house with three operators, at ten in the morning (no quiet hours)."""
    running = Up(tmp_path, unused_tcp_port)
    running.environment["BOT_WECHAT_RATE_PER_S"] = str(RATE_PER_S)
    process = await running.start("up")
    try:
        await running.is_ready()
        for name, role in OPERATORS.items():
            await running.run("operator", "add", name, "--role", role, typed=f"{PASSWORD}\n")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), START_SECONDS)
    assert process.returncode == 0


@pytest.fixture
async def sign_in(browser: Browser, up: Up) -> AsyncIterator[SignIn]:
    """Signs an operator in, each in a browser of their own."""
    contexts = []

    async def open_desk(name: str) -> Page:
        context = await browser.new_context(
            base_url=up.origin,
            locale="zh-CN",
            viewport={"width": 1280, "height": 900},
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await page.goto("/console/")
        await page.get_by_label("账号").fill(name)
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录").click()
        await expect(page.get_by_role("heading", name="总览")).to_be_visible()
        return page

    yield open_desk
    for context in contexts:
        await context.close()


@pytest.fixture
async def phones(browser: Browser, up: Up) -> AsyncIterator[Page]:
    """The phones on the sandbox, each welcomed, at ten in the morning."""
    page = await browser.new_page(locale="zh-CN", reduced_motion="reduce")
    await page.goto(f"{up.origin}/sandbox")
    for nickname in ("小林", "王会计"):
        await expect(chat(page, nickname).locator(".turn")).to_have_count(1)
    await control(up, "PUT", "clock", {"at": "2027-03-05T10:00:00+08:00"})
    yield page
    await page.close()


async def control(up: Up, method: str, name: str, body: object = None) -> dict[str, object]:
    """The sandbox's control plane."""
    url = f"{up.origin}{API_PREFIX}/_sim/{name}"
    async with aiohttp.ClientSession() as http, http.request(method, url, json=body) as response:
        assert response.status == 200, await response.text()
        return dict(await response.json())


async def picture(page: Page, name: str) -> None:
    """Keep a picture for the operators' guide, where one is asked for."""
    if SCREENSHOTS:
        taken = Image.open(io.BytesIO(await page.screenshot()))
        taken.quantize(64).save(Path(SCREENSHOTS) / f"desk-{name}.png", optimize=True)


async def go(page: Page, entry: str) -> None:
    """Follow the menu."""
    await page.get_by_label("主菜单").get_by_role("link", name=entry, exact=True).click()


def counter(page: Page, state: str) -> object:
    return page.locator(f"[data-count={state}]")


async def test_a_changed_clause_goes_from_the_document_to_the_phone(
    sign_in: SignIn, phones: Page, up: Up
) -> None:
    await ask(phones, "小林", "订阅 海水淡化", "海水淡化")
    second = up.folder / "second.txt"
    text = COMPENDIUM.read_text(encoding="utf-8")
    assert text.count("最高不超过 1000 万元") == 1
    second.write_text(text.replace("最高不超过 1000 万元", "最高不超过 1200 万元"), encoding="utf-8")

    lin = await sign_in("lin")
    await go(lin, "政策库")
    await picture(lin, "policies")
    await lin.get_by_role("link", name="导入文件").click()
    await lin.get_by_label("文件", exact=True).set_input_files(second)
    await lin.get_by_role("button", name="读取并对照").click()
    await expect(lin.get_by_role("heading", name="调整（1 条）")).to_be_visible()
    await picture(lin, "edition")
    await lin.get_by_role("button", name="生成草稿").click()
    await expect(lin.get_by_role("status")).to_contain_text("已生成 1 份草稿")
    await lin.get_by_role("link", name="逐份核对").click()
    await expect(lin.get_by_label("正文").locator("del")).to_contain_text("1000 万元")
    await picture(lin, "drafts")

    zhou = await sign_in("zhou")
    await zhou.goto("/console/policies/drafts")
    await zhou.get_by_label("发布这一条").check()
    await zhou.get_by_role("button", name="核对所选").click()
    await expect(zhou.locator("main")).to_contain_text("将提醒 1 人")
    await zhou.get_by_role("button", name="发布并提醒 1 人").click()
    await expect(zhou.get_by_role("status")).to_contain_text("已发布 1 条")

    card = chat(phones, "小林").locator(".card").last
    await expect(card).to_contain_text("第45条", timeout=ALERT_MS)
    await ask(phones, "王会计", "第45条", "最高不超过 1200 万元")
    await go(zhou, "推送")
    await zhou.locator("main").get_by_role("link", name=re.compile("海水淡化")).first.click()
    await expect(counter(zhou, "delivered")).to_have_text("1", timeout=ALERT_MS)
    await zhou.reload()
    await expect(zhou.get_by_role("region", name="台账")).to_contain_text("已送达")
    await picture(zhou, "ledger")


SEEN_MS = 2_000
"""What a second person published is in the chat within this time."""


async def test_a_guide_goes_from_the_desk_into_the_chat_and_into_the_next_alert(
    sign_in: SignIn, phones: Page, up: Up
) -> None:
    await ask(phones, "小林", "订阅 海水淡化", "海水淡化")
    lin = await sign_in("lin")
    await go(lin, "办理指南")
    await lin.get_by_role("link", name=re.compile("^第45条")).click()
    await lin.get_by_label("材料").fill("立项文件\n竣工验收报告")
    await lin.get_by_label("在哪办").fill("市民中心2号楼")
    await lin.get_by_label("电话").fill("0532-00000003")
    await picture(lin, "guide")
    await lin.get_by_role("button", name="保存草稿").click()
    await expect(lin.get_by_role("status")).to_contain_text("等待另一位同事核对发布")

    zhou = await sign_in("zhou")
    await zhou.get_by_role("link", name="1 份办理指南等待核对发布").click()
    await picture(zhou, "guides")
    await zhou.get_by_label(re.compile("已核对，发布")).check()
    await zhou.get_by_role("button", name="发布所选").click()
    await expect(zhou.get_by_role("status")).to_contain_text("已发布 1 份办理指南")
    await phones.wait_for_timeout(SEEN_MS)
    await ask(phones, "小林", "第45条", "0532-00000003")
    await expect(chat(phones, "小林").locator(".turn:not(.own)").last).to_contain_text("工作人员填写")

    file = up.folder / "windows.csv"
    file.write_text("policy_id,opens_on,closes_on,title,url\n45,2027-02-01,2027-03-12,,\n", encoding="utf-8")
    await up.run("windows", "import", str(file))
    card = chat(phones, "小林").locator(".card").last
    await expect(card).to_contain_text("2027年3月12日", timeout=ALERT_MS)
    own_page = await card.get_by_role("link", name="查看详情").get_attribute("href")
    assert own_page is not None
    await lin.goto(own_page)
    await expect(lin.locator("main")).to_contain_text("0532-00000003")


async def compose(page: Page) -> None:
    await go(page, "公告")
    await page.get_by_role("link", name="撰写公告").click()
    await page.get_by_label("标题").fill("周六停电检修通知")
    await page.get_by_label("正文").fill("3月6日（周六）8:00–12:00 停电检修，申报系统暂停使用。")
    await page.get_by_label("全部关注者").check()
    await expect(page.get_by_label("手机预览")).to_contain_text("停电检修")
    await expect(page.get_by_label("手机预览")).to_contain_text("将发给")
    await page.get_by_role("heading", name="撰写公告").scroll_into_view_if_needed()
    await picture(page, "compose")
    await page.get_by_role("button", name="保存草稿").click()
    await expect(page.get_by_role("status")).to_contain_text("草稿已保存")


async def crowd(up: Up) -> None:
    """People who follow the account on both sides."""
    await control(up, "POST", "people", {"count": CROWD, "first": 0})
    file = up.folder / "crowd.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("openid", "company", "uscc", "tracks"))
        tracks = [track.id for track in load_district().tracks.tracks]
        for number in range(CROWD):
            followed = tracks[number % len(tracks) : number % 7 + number % len(tracks)]
            writer.writerow((crowd_openid("oSIM", number), "", "", ";".join(followed)))
    await up.run("subscribers", "import", str(file))


async def test_a_broadcast_is_approved_by_another_paused_in_the_middle_and_reaches_everybody_once(
    sign_in: SignIn, phones: Page, up: Up
) -> None:
    await crowd(up)
    for question, answer in (("第22条", "最高600万元"), ("今天天气怎么样", "政策")):
        await ask(phones, "小林", question, answer)
    zhou = await sign_in("zhou")
    await compose(zhou)
    everybody = CROWD + len(await on_the_desk(phones))
    wu = await sign_in("wu")
    await wu.goto("/console/testers")
    await wu.get_by_label("成员编号").fill("1")
    await wu.get_by_label("备注").fill("值班手机")
    await wu.locator("main form").last.get_by_role("button").click()
    await zhou.reload()
    await zhou.get_by_role("button", name="测试发送").click()
    await expect(zhou.get_by_role("status")).to_contain_text("测试消息已交付发送")
    await zhou.get_by_role("button", name="提交审批").click()
    await expect(zhou.get_by_role("status")).to_contain_text("等待另一位同事审批")
    await expect(zhou.get_by_label("审批", exact=True)).to_contain_text("须由另一位同事审批")

    await wu.goto("/console/")
    await picture(wu, "overview")
    await wu.get_by_role("link", name="1 则公告等待审批").click()
    await wu.get_by_role("link", name="周六停电检修通知").click()
    await picture(wu, "broadcast")
    await wu.get_by_role("button", name=f"审批并发给 {everybody} 人").click()
    await expect(wu.get_by_role("status")).to_contain_text("已审批，将按时发送")
    await wu.get_by_role("link", name="查看发送进度与台账").click()
    await expect(counter(wu, "delivered")).to_have_text(re.compile(r"^[1-9]"), timeout=ALERT_MS)
    await wu.get_by_role("button", name="暂停").click()
    await expect(wu.locator("[data-status]")).to_have_text("已暂停")
    await expect(counter(wu, "pending")).to_have_text(re.compile(r"^[1-9]"))
    await picture(wu, "campaign")
    await wu.get_by_role("button", name="继续").click()
    await expect(wu.locator("[data-status]")).to_have_text("已完成", timeout=ALERT_MS)
    await expect(counter(wu, "delivered")).to_have_text(str(everybody), timeout=ALERT_MS)
    await expect(counter(wu, "total")).to_have_text(str(everybody))
    await expect(chat(phones, "小林").locator(".card").last).to_contain_text("停电检修")
    assert (await control(up, "GET", "stats"))["double_keys"] == []


async def on_the_desk(phones: Page) -> list[str]:
    """Nicknames of the people at the desk who follow the account."""
    return [
        name for name in ("小林", "王会计", "陈经理") if await chat(phones, name).locator(".turn").count()
    ]


async def test_who_asks_for_a_person_gets_one(sign_in: SignIn, phones: Page) -> None:
    await ask(phones, "小林", "人工", "已转给工作人员")
    await ask(phones, "小林", "海水淡化项目的设备是去年买的，能申请吗", "已转给工作人员")
    lin = await sign_in("lin")
    await lin.get_by_role("link", name="1 个人工对话等待回复").click()
    await lin.get_by_role("link", name=re.compile("^成员")).click()
    await expect(lin.get_by_label("对话")).to_contain_text("能申请吗")
    await lin.get_by_label("回复").fill("您好，请带上设备购置合同，到区海洋发展局窗口核对。")
    await picture(lin, "person")
    await lin.get_by_role("button", name="发送").click()
    await expect(lin.get_by_role("status")).to_contain_text("已发送")
    answered = chat(phones, "小林").locator(".turn:not(.own)").last
    await expect(answered).to_contain_text("设备购置合同")
    await lin.get_by_role("button", name="结束并交还机器人").click()
    await expect(lin.get_by_role("status")).to_contain_text("对话已交还")
    await ask(phones, "小林", "第22条", "最高600万元")
