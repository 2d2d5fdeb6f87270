"""Every page of the desk in a real browser: small, quick to fetch, open to everybody, right on a phone."""

import io
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, Page

from storage.sql.database import Database
from tests.console.furniture import PAGES, furnish
from tests.console.in_browser import sign_in_on

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk_pages")]

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
LARGEST = 100_000
TOO_WIDE = """[...document.querySelectorAll("html, .scroll")]
    .filter((place) => place.scrollWidth > place.clientWidth + 1).map((place) => place.ariaLabel ?? "page")"""


@pytest.fixture
async def page(desk, sqlite_database: Database, browser: Browser) -> AsyncIterator[Page]:
    """An admin at a furnished desk."""
    await furnish(sqlite_database)
    client = await desk()
    context = await browser.new_context(
        base_url=str(client.make_url("/")), locale="zh-CN", viewport=DESKTOP, reduced_motion="reduce"
    )
    opened = await context.new_page()
    await sign_in_on(opened, "admin")
    await opened.wait_for_url("**/console/")
    yield opened
    await context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_shuts_anybody_out(page: Page, size, scheme: str) -> None:
    await page.set_viewport_size(size)
    await page.emulate_media(color_scheme=scheme)
    found = []
    for path in (*PAGES, "/console/sign-in"):
        await page.goto(path)
        results = (await Axe().run(page)).response
        found += [
            f"{path}: {one['id']}: {node['html'][:120]}"
            for one in results["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]
    assert found == []


async def test_each_page_is_small_and_asks_once_for_style_and_once_for_script(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    for path in PAGES:
        asked.clear()
        answer = await page.goto(path)
        assert answer
        assert len(await answer.body()) < LARGEST, path
        assert asked.count("stylesheet") == 1, path
        assert asked.count("script") == 1, path
        assert set(asked) <= {"document", "stylesheet", "script", "eventsource", "image"}, path


async def test_a_phone_never_scrolls_a_page_or_a_table_sideways(page: Page) -> None:
    await page.set_viewport_size(PHONE)
    wide = {}
    for path in PAGES:
        await page.goto(path)
        if too_wide := await page.evaluate(TOO_WIDE):
            wide[path] = too_wide
    assert wide == {}


async def test_no_text_from_outside_runs_and_no_page_asks_elsewhere(page: Page) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    origin = page.url.removesuffix("/console/")
    for path in PAGES:
        await page.goto(path)
        assert "政策服务台" in await page.title(), path
    assert complaints == []
    assert [url for url in asked if not url.startswith((origin, "data:"))] == []


async def test_the_qr_code_of_one_time_codes_stands_on_white_in_the_dark(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    await page.goto("/console/accounts/totp")
    picture = Image.open(io.BytesIO(await page.locator("main img").screenshot())).convert("RGB")
    assert picture.getpixel((3, 3)) == (255, 255, 255)
