"""A page in a phone's browser, and what a test asks of every page there."""

import os
from pathlib import Path

from playwright.async_api import Page, ViewportSize

from tests.barriers import barriers

PHONE: ViewportSize = {"width": 390, "height": 844}
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")  # a folder to keep the docs' pictures in


class Phone:
    """A page on a phone, and what it asked for and complained of."""

    def __init__(self, page: Page, origin: str, scheme: str) -> None:
        self.page = page
        self.origin = origin
        self.scheme = scheme
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: request.url.startswith(origin) or self.foreign.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))

    async def opens(self, path: str) -> None:
        """Go to a path of the house, or to a whole address in it."""
        await self.page.goto(path if path.startswith(self.origin) else self.origin + path)

    async def is_in_order(self) -> None:
        """Nothing sticks out, nothing comes from elsewhere, nothing bars a person with a reader.

        Each test has a phone by day, where everything is looked at; by night only colours are others.
        """
        assert await self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert self.foreign == []
        assert self.complaints == []
        assert await barriers(self.page, colours_alone=self.scheme == "dark") == []

    async def keeps(self, name: str) -> None:
        """Keep a picture of the whole page, where a folder is set."""
        if SCREENSHOTS:
            await self.page.screenshot(
                path=Path(SCREENSHOTS) / f"{name}-{self.scheme}.png", full_page=True, scale="css"
            )
