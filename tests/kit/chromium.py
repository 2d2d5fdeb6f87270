"""One Chromium for all tests of a worker; each test has contexts of its own in it. A plugin (`-p` in pyproject.toml)."""

import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser

_START_S = 60.0
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--mute-audio",
    "--remote-debugging-port=0",
)


def program() -> str | None:
    """The path of a Chromium on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def running(path: str, folder: Path) -> Iterator[str]:
    """Run a headless Chromium until the end of the block; the address by which it is steered."""
    port = folder / "DevToolsActivePort"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([path, *_ARGUMENTS, f"--user-data-dir={folder}"], stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{_port_in(port, process)}"
    finally:
        process.terminate()
        process.wait()


def _port_in(file: Path, process: "subprocess.Popen[bytes]") -> int:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        if file.exists() and (lines := file.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.02)
    raise RuntimeError(f"Chromium did not start: {(file.parent / 'log').read_text()}")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chromium that looks nowhere but at the pages it is sent to, by its address.

    Without one, browser tests skip, or fail where REQUIRE_BROWSER is set (CI).
    """
    # each test starts Playwright's driver, and loads it from here
    os.environ["NODE_COMPILE_CACHE"] = str(tmp_path_factory.mktemp("node"))
    if found := program():
        with running(found, tmp_path_factory.mktemp("chromium")) as address:
            yield address
        return
    missing = "no Chromium: apt-get install chromium, or set CHROMIUM to its path"
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture
async def browser(chromium: str) -> "AsyncIterator[Browser]":
    """The worker's Chromium. What a test opens in it is gone with the test."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        opened = await playwright.chromium.connect_over_cdp(chromium)
        yield opened
        await opened.close()
