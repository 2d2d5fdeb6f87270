"""The desk in a browser: who signs in, and pictures of what they see."""

import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Literal

from playwright.async_api import Page

from tests.console.conftest import PASSWORD

PICTURES = os.environ.get("PICTURES", "")
"""A folder to keep pictures of the pages in; "": none are kept."""
WIDE, NARROW = 1280, 390
OpenDesk = Callable[[str], Awaitable[Page]]
"""Signs an operator in, in a browser of their own."""


async def sign_in_on(page: Page, name: str) -> None:
    """Fill in the form, as a person does."""
    await page.goto("/console/sign-in")
    await page.get_by_label("账号").fill(name)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()


async def picture(page: Page, name: str, schemes: Sequence[Literal["light", "dark"]] = ("light",)) -> None:
    """Keep the page as it looks wide and narrow."""
    if not PICTURES:
        return
    for width in (WIDE, NARROW):
        for scheme in schemes:
            await page.set_viewport_size({"width": width, "height": 900})
            await page.emulate_media(color_scheme=scheme)
            file = f"{name}-{width}-{scheme}.png" if len(schemes) > 1 else f"{name}-{width}.png"
            await page.screenshot(path=Path(PICTURES) / file, full_page=True)
    await page.set_viewport_size({"width": WIDE, "height": 900})
