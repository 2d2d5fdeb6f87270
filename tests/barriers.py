"""What of a page in a browser bars people who see little or have it read out, by axe."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page


async def barriers(page: Page) -> list[str]:
    """Serious and critical faults of the page as it is now: the rule, and the element."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    found = await page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
