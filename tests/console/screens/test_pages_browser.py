"""Every page of the desk in a real browser: small, quick to fetch, open to everybody, right on a phone."""

import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, Request

from storage.sql.database import Database
from tests.console.desk_in_browser import sign_in_on
from tests.console.hostile_desk import PAGES, furnish
from tests.kit.accessibility import barriers

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
LARGEST = 100_000
TOO_WIDE = """[...document.querySelectorAll("html, .scroll")]
    .filter((place) => place.scrollWidth > place.clientWidth + 1).map((place) => place.ariaLabel ?? "page")"""
TORN = """[...document.querySelectorAll(".inline label[for]")].filter((label) => {
    const [name, field] = [label, label.control].map((one) => one.getBoundingClientRect());
    return field.width && (field.top > name.bottom || field.left < name.left);
  }).map((label) => label.innerText)"""
"""Labels of a row whose field stands on another line."""
STICKS_OUT = """[...document.querySelectorAll("html, .bar nav, .card")]
    .filter((place) => place.scrollWidth > place.clientWidth + 1)
    .map((place) => place.innerText.slice(0, 20))"""


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


async def test_every_page_is_accessible_and_neither_page_nor_table_scrolls_sideways_on_a_phone(
    page: Page,
) -> None:
    found, wide = [], {}
    for path in (*PAGES, "/console/sign-in"):
        await page.goto(path)
        for size in (DESKTOP, PHONE):
            await page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme=scheme)
                faults = await barriers(page, colours_alone=scheme == "dark")
                found += [f"{path} {size['width']} {scheme} {fault}" for fault in faults]
        if too_wide := await page.evaluate(TOO_WIDE):
            wide[path] = too_wide
        await page.set_viewport_size(TABLET)
        if too_wide := await page.evaluate(STICKS_OUT) + await page.evaluate(TORN):
            wide[f"{path} on a tablet"] = too_wide
        await page.set_viewport_size(PHONE)  # a page arranges its tables for the screen it is opened on
    assert found == []
    assert wide == {}


async def test_each_page_is_small_asks_once_for_style_and_script_and_nobody_elsewhere(page: Page) -> None:
    """And no text that people outside wrote runs."""
    asked: list[Request] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright marks what it is given
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    origin = page.url.removesuffix("/console/")
    for path in PAGES:
        asked.clear()
        answer = await page.goto(path)
        assert answer
        assert len(await answer.body()) < LARGEST, path
        kinds = [request.resource_type for request in asked]
        assert kinds.count("stylesheet") == 1, path
        assert kinds.count("script") == 1, path
        assert set(kinds) <= {"document", "stylesheet", "script", "eventsource", "image"}, path
        assert [one.url for one in asked if not one.url.startswith((origin, "data:"))] == [], path
        assert "政策服务台" in await page.title(), path
    assert complaints == []


async def test_the_qr_code_of_one_time_codes_stands_on_white_in_the_dark(page: Page) -> None:
    await page.emulate_media(color_scheme="dark")
    await page.goto("/console/accounts/totp")
    picture = Image.open(io.BytesIO(await page.locator("main img").screenshot())).convert("RGB")
    assert picture.getpixel((3, 3)) == (255, 255, 255)
