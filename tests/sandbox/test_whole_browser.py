"""The whole product as a newcomer starts it: `policybot up`, then `/sandbox` in a browser.

With SCREENSHOTS set to a folder, the README's picture is kept there as sandbox.png.
"""

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from tests.conftest import WITHOUT_MODEL
from tests.kit.commands.forked_cli import run_policybot

pytestmark = pytest.mark.browser

SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
START_SECONDS = 60
ALERT_MS = 60_000


class Up:
    """A running `policybot up` on a data folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(WITHOUT_MODEL),
            "BOT_DATA_DIR": str(folder / "var"),
            "BOT_PORT": str(port),
            "BOT_LOG_LEVEL": "warning",
        }
        self.folder = folder

    async def run(self, *arguments: str, typed: str = "") -> str:
        """A command beside the running one; gives what it printed."""
        ran = await asyncio.to_thread(
            run_policybot, self.folder, *arguments, environment=self.environment, typed=typed
        )
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout.decode()

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            env=self.environment,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def is_ready(self) -> None:
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
            for _ in range(10 * START_SECONDS):
                try:
                    async with session.get(f"{self.origin}/readyz") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)


@pytest.fixture
async def up(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Up]:
    running = Up(tmp_path, unused_tcp_port)
    process = await running.start("up")
    try:
        await running.is_ready()
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), START_SECONDS)
    assert process.returncode == 0


@pytest.fixture
async def page(browser: Browser, up: Up) -> AsyncIterator[Page]:
    opened = await browser.new_page(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce"
    )
    await opened.goto(f"{up.origin}/sandbox")
    for nickname in ("小林", "王会计"):
        await expect(chat(opened, nickname).locator(".turn")).to_have_count(1)
    yield opened
    await opened.close()


def chat(page: Page, nickname: str) -> Any:
    return page.get_by_label(f"{nickname}的聊天")


async def ask(page: Page, nickname: str, text: str, answer: str) -> None:
    field = page.get_by_label(f"{nickname}要说的话")
    await field.fill(text)
    await field.press("Enter")
    await expect(chat(page, nickname).locator(".turn:not(.own)").last).to_contain_text(answer)


async def test_a_newcomer_asks_and_sees_the_clause(page: Page) -> None:
    await ask(page, "小林", "首台套", "首台")
    await ask(page, "小林", "第22条", "最高600万元")
    await ask(page, "王会计", "工信局有哪些政策", "工业和信息化局")
    await ask(page, "王会计", "海水淡化能补多少", "最高不超过 1000 万元")


async def open_window(page: Page, up: Up, window: str, *, at: str) -> None:
    """Import a window (clause, first and last day) and let it be this date and time."""
    file = up.folder / "windows.csv"
    file.write_text(f"policy_id,opens_on,closes_on,title,url\n{window},,\n", encoding="utf-8")
    await up.run("windows", "import", str(file))
    await page.get_by_label("新的日期和时间").fill(at)
    await page.get_by_role("button", name="设为此时").click()


async def test_a_window_and_a_date_bring_the_reminder_to_the_phone(page: Page, up: Up) -> None:
    await ask(page, "王会计", "第22条", "最高600万元")
    await ask(page, "小林", "订阅 海水淡化", "海水淡化")
    await open_window(page, up, "45,2027-02-01,2027-03-12", at="2027-03-05T10:00")
    card = chat(page, "小林").locator(".card").last
    await expect(card).to_contain_text("2027年3月12日", timeout=ALERT_MS)
    if SCREENSHOTS:
        await page.get_by_role("heading", name="桌上的微信").click()  # no field keeps the focus ring
        picture = Image.open(io.BytesIO(await page.screenshot()))
        picture.quantize(256).save(Path(SCREENSHOTS) / "sandbox.png", optimize=True)


async def tap(page: Page, nickname: str, words: str, answer: str) -> None:
    log = chat(page, nickname)
    await log.get_by_role("button", name=words, exact=True).last.click()
    await expect(log.locator(".turn:not(.own)").last).to_contain_text(answer)


async def test_a_company_learns_what_it_may_get_and_hears_of_a_window_that_fits(page: Page, up: Up) -> None:
    """Five taps to a result with a sum, a subscription by profile, and an alert that says why it came."""
    await ask(page, "小林", "我们公司能拿什么", "注册在哪里")
    taps = (
        ("已在西海岸新区注册", "先进技术产品"),
        ("否", "赛道"),
        ("海水淡化", "今年有下面哪些事"),
        ("买设备、做技术改造", "设备投资额"),
        ("3000万元", "最高约360万元（3000万×12% = 360万 ≤ 上限 600万）"),
    )
    for words, answer in taps:
        await tap(page, "小林", words, answer)
    await tap(page, "小林", "保存情况", "随时可以查看、修改、删除")
    await tap(page, "小林", "同意保存", "已保存")
    await tap(page, "小林", "按情况提醒", "没有订阅赛道也会告诉您")
    await open_window(page, up, "22,2027-02-01,2027-03-12", at="2027-02-05T10:00")
    card = chat(page, "小林").locator(".card").last
    await expect(card).to_contain_text("与您的公司情况对得上", timeout=ALERT_MS)
    await expect(chat(page, "王会计").locator(".card")).to_have_count(0)
