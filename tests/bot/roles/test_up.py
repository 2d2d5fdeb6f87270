"""`policybot up` as people start it: twice, on a taken port, with a broken file, and how it ends."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import psutil
import pytest

from bench.cluster.redis_servers import Servers, start_watched
from bench.ports import unused_port
from tests.bot.roles.answers import until
from tests.kit.commands.forked_cli import Forked, run_policybot, start_policybot

START_SECONDS = 60


class Place:
    """A data folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = unused_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "BOT_DATA_DIR": str(folder / "var"),
            "BOT_PORT": str(self.port),
            "PYTHONPATH": os.environ["PYTHONPATH"],
        }

    async def start(self, *arguments: str, **more: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            env=self.environment | more,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def refused(self, *arguments: str, **more: str) -> tuple[int | None, str]:
        """Exit code and stderr of a command that is to end by itself."""
        ending = asyncio.to_thread(
            run_policybot, self.folder, *arguments, environment=self.environment | more
        )
        ended = await asyncio.wait_for(ending, START_SECONDS)
        return ended.returncode, ended.stderr.decode()

    @asynccontextmanager
    async def running(self, *arguments: str, **more: str) -> AsyncIterator[Forked]:
        """A command that serves, until the end of the block."""
        process = start_policybot(self.folder, *(arguments or ("up",)), environment=self.environment | more)
        try:
            await self.status("/readyz", expected={200, 503})
            yield process
        finally:
            process.terminate()
            await asyncio.wait_for(asyncio.to_thread(process.join), START_SECONDS)

    def valkey(self) -> int:
        """The process of the embedded Valkey, 0 where there is none yet."""
        try:
            return int((self.folder / "var" / "valkey" / "valkey.pid").read_text())
        except (OSError, ValueError):
            return 0

    async def status(self, path: str, expected: set[int]) -> dict[str, str]:
        """Ask until the answer has one of these statuses; gives its JSON."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
            while True:
                try:
                    async with session.get(f"{self.origin}{path}") as answer:
                        if answer.status in expected:
                            found: dict[str, str] = await answer.json(content_type=None)
                            return found
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)


def valkey_runs(url: str) -> bool:
    with socket.socket(socket.AF_UNIX) as valkey:
        return valkey.connect_ex(url.removeprefix("unix://").partition("?")[0]) == 0


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


async def test_up_tells_of_its_worker_refuses_a_second_on_the_folder_and_leaves_nothing_running(
    place: Place,
) -> None:
    async with place.running() as process:
        assert await place.status("/readyz", {200}) == {"database": "ok", "redis": "ok", "index": "ok"}
        _, told = await until(f"{place.origin}/metrics", "policybot_deliveries_open ")
        assert told.count("# TYPE policybot_event_loop_lag_seconds ") == 1
        assert "policybot_callback_seconds" in told
        code, said = await place.refused("up", BOT_PORT=str(unused_port()))
        assert code == 1
        assert f"process {process.pid}" in said
        assert "Traceback" not in said
        attached = json.loads((place.folder / "var" / "up.json").read_text())
        assert attached["port"] == place.port
    assert process.exitcode == 0
    assert not (place.folder / "var" / "up.json").exists()
    assert not valkey_runs(attached["redis_url"])


async def test_a_stop_while_all_is_being_loaded_takes_valkey_along(place: Place) -> None:
    process = await place.start("up")
    async with asyncio.timeout(START_SECONDS):
        while not (server := place.valkey()):  # noqa: ASYNC110 - nobody tells us, so we have to look
            await asyncio.sleep(0.005)
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), START_SECONDS)
    assert process.returncode == 0
    assert not psutil.pid_exists(server)


STOPPED_IN_A_CALLBACK = """
import os, signal, sys, weakref
import bot.cli
class Watched: pass
class Stops:
    def find_spec(self, name, *_):
        if name == "bot.roles.web_role":
            watched = Watched()
            self.reference = weakref.ref(watched, lambda _: os.kill(os.getpid(), signal.SIGTERM))
            del watched
sys.meta_path.insert(0, Stops())
sys.argv = ["policybot", "up"]
bot.cli.main()
"""
"""Python drops what is raised in the callback of a reference, such as those of its own imports."""


async def test_a_stop_that_comes_where_python_drops_what_is_raised_ends_the_start_too(place: Place) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STOPPED_IN_A_CALLBACK, env=place.environment, cwd=place.folder,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await asyncio.wait_for(process.communicate(), START_SECONDS)
    assert process.returncode == 0
    assert b"Exception ignored" in said
    assert not psutil.pid_exists(place.valkey())


async def test_a_killed_up_leaves_its_valkey_to_the_next_start_and_a_closed_terminal_takes_it_along(
    place: Place,
) -> None:
    async with place.running() as process:
        await place.status("/readyz", {200})
        left_behind = psutil.Process(place.valkey())
        process.kill()
    async with place.running() as process:
        assert await place.status("/readyz", {200}) == {"database": "ok", "redis": "ok", "index": "ok"}
        assert not left_behind.is_running()
        server = place.valkey()
        assert process.pid
        os.kill(process.pid, signal.SIGHUP)
    assert process.exitcode == 0
    assert not psutil.pid_exists(server)


async def test_a_taken_port_is_said_in_one_line(place: Place) -> None:
    with socket.create_server(("127.0.0.1", place.port)):
        code, said = await place.refused("up")
    assert code == 1
    assert f"127.0.0.1:{place.port}" in said
    assert "BOT_PORT" in said
    assert "Traceback" not in said


async def test_a_locked_database_is_said_in_one_line(place: Place) -> None:
    file = place.folder / "locked.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    code, said = await place.refused("up", BOT_DATABASE_URL=f"sqlite+aiosqlite:///{file}?timeout=0.1")
    other.close()
    assert code == 1
    assert "locked" in said
    assert "Traceback" not in said


async def test_without_redis_answers_go_on_and_readiness_says_so(place: Place) -> None:
    gone = f"redis://127.0.0.1:{unused_port()}/0"
    async with place.running("web", BOT_REDIS_URL=gone):
        checks = await place.status("/readyz", {503})
        assert checks["database"] == "ok"
        assert checks["redis"] != "ok"
        async with aiohttp.ClientSession() as session, session.get(f"{place.origin}/p/22") as page:
            assert page.status == 200


async def test_a_web_process_lives_through_a_failover_of_redis(place: Place) -> None:
    servers = Servers(place.folder)
    watched = await start_watched(servers)
    try:
        async with place.running("web", BOT_REDIS_URL=watched.url()):
            await place.status("/readyz", {200})
            await servers.kill(watched.master)
            await place.status("/readyz", {503})
            await place.status("/readyz", {200})
    finally:
        await servers.end()


async def test_a_schema_that_lacks_revisions_ends_the_start_where_migrating_is_off(place: Place) -> None:
    code, said = await place.refused("up", BOT_MIGRATE="0")
    assert code == 1
    assert "0001" in said
    assert "Traceback" not in said
