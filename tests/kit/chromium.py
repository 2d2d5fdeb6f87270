"""One Chromium for all tests of a worker; each test has contexts of its own in it."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
