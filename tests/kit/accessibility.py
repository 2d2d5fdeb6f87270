"""What of a page in a browser bars people who see little or have it read out, by axe."""

import json

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

_OPTIONS = {"resultTypes": ["violations"], "preload": False}
"""Nothing is loaded a second time: only rules about sound and about style sheets of others need it."""
_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules whose answer changes where only colours change."""


async def barriers(page: Page, *, colours_alone: bool = False) -> list[str]:
    """Serious and critical faults of the page as it is now: the rule, and the element.

    With `colours_alone`, of a page that was looked at whole in other colours.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    options = json.dumps(_OPTIONS | (_COLOURS if colours_alone else {}))
    found = await page.evaluate(f"axe.run({options}).then(found => found.violations)")
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
