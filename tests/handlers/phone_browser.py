"""A page in a phone's browser, and what a test asks of every page there."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

from playwright.async_api import Page, ViewportSize

from tests.kit.accessibility import barriers

PHONE: ViewportSize = {"width": 390, "height": 844}
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")  # a folder to keep the docs' pictures in

_HARD_TO_TAP = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.matches(".skip"))
  .map(one => /checkbox|radio/.test(one.type) ? one.closest("label") : one)
  .filter(one => !(getComputedStyle(one).display === "inline"
    && one.parentElement.textContent.trim().length > one.textContent.trim().length))
  .filter(one => one.getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 120))"""
"""What is lower than 44 px, which a thumb misses; a link inside a sentence may be (WCAG 2.5.8)."""
_HEADINGS = """() => ["h1", "h2", "h3"].map(one => document.querySelector(`main ${one}`)).filter(Boolean)
  .map(one => parseFloat(getComputedStyle(one).fontSize))"""
"""Font sizes of the first heading of each level on the page."""


class Phone:
    """A page on a phone, and what it asked for and complained of."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: request.url.startswith(origin) or self.foreign.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))

    async def opens(self, path: str) -> None:
        """Go to a path of the house, or to a whole address in it."""
        await self.page.goto(path if path.startswith(self.origin) else self.origin + path)

    async def is_in_order(self) -> None:
        """Nothing sticks out, nothing comes from elsewhere, nothing bars a person with a reader.

        By night only colours are others, and only they are looked at again.
        """
        assert await self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert await self.page.evaluate(_HARD_TO_TAP) == []
        sizes = await self.page.evaluate(_HEADINGS)
        assert max(sizes) == sizes[0], "a heading is larger than the page's own"
        assert self.foreign == []
        assert self.complaints == []
        async for scheme in self._by_day_and_night():
            assert await barriers(self.page, colours_alone=scheme == "dark") == [], scheme

    async def keeps(self, name: str) -> None:
        """Keep pictures of the whole page, where a folder is set."""
        if SCREENSHOTS:
            async for scheme in self._by_day_and_night():
                picture = Path(SCREENSHOTS) / f"{name}-{scheme}.png"
                await self.page.screenshot(path=picture, full_page=True, scale="css")

    async def _by_day_and_night(self) -> AsyncIterator[str]:
        """The page in dark colours, then again in light ones."""
        schemes: tuple[Literal["dark", "light"], ...] = ("dark", "light")
        for scheme in schemes:
            await self.page.emulate_media(color_scheme=scheme)
            yield scheme
