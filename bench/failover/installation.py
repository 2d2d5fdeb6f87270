"""The bot's processes as docs/operations.md starts them: two of each role, and WeChat beside them."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench.failover.forks import Fork, begin_parent, fork
from bench.ports import unused_port
from sandbox.credentials import Credentials, sandbox_credentials
from sandbox.platform.features.templates import sandbox_template_settings

ROOT = Path(__file__).parents[2]
SECRET = "a bad day on three machines, but nobody notices"
_FAKETIME = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
)


def faketime_library() -> str | None:
    """The library that gives one process another clock (Debian: faketime); None if it is not installed."""
    return next((path for path in _FAKETIME if Path(path).exists()), None)


@dataclass(slots=True)
class Installation:
    """Two webs on one port, two workers, two schedulers, and a WeChat; the second of each may get another clock.

    Forks begin sooner than processes that load everything themselves; their clocks cannot be set.

    Args:
        folder: for logs and data folders.
        database_url, redis_url: as the settings take them; they are known before `start`.
        rate: sends a second over all workers; 0: no limit.
    """

    folder: Path
    database_url: str = ""
    redis_url: str = ""
    rate: float = 0
    each: int = 2
    forked: bool = False
    port: int = field(default_factory=unused_port)
    api: str = ""
    processes: dict[str, Process | Fork] = field(default_factory=dict)
    _parent: Process | None = None

    @property
    def credentials(self) -> Credentials:
        return sandbox_credentials(SECRET.encode())

    @property
    def callback_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/wechat"

    async def start_wechat(self) -> None:
        """Start WeChat, and what forks are made of begins to load. Both need neither the database nor Redis."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.forked:
            self._parent = await begin_parent()
        await self._start_wechat()

    async def start(self) -> None:
        """Start all roles, and wait until the webs serve."""
        for number in range(1, self.each + 1):
            for role in ("web", "worker", "scheduler"):
                await self.start_role(role, number)
        async with asyncio.timeout(120), aiohttp.ClientSession() as http:
            while True:
                with suppress(aiohttp.ClientError):
                    async with http.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.2)

    async def start_role(self, role: str, number: int) -> None:
        """Start one process; `--parent` lets webs share the port and ends all with this one."""
        name = f"{role} {number}"
        place = self.folder / f"{role}-{number}.log"
        if self._parent is not None:
            self.processes[name] = await fork(self._parent, role, self.folder, self._environment(name), place)
            return
        with place.open("ab") as log:
            self.processes[name] = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", role, "--parent", str(os.getpid())),
                cwd=self.folder,
                env=self._environment(name),
                stdout=log,
                stderr=log,
            )

    def set_clock(self, name: str, seconds: float) -> None:
        """Set the clock of one process to `seconds` from the right time; it must have been started with faketime."""
        file = self.folder / f"clock of {name}"
        fresh = file.with_suffix(".new")
        fresh.write_text(f"{seconds:+.0f}\n")
        fresh.replace(file)

    def _environment(self, name: str) -> Mapping[str, str]:
        made = self.credentials
        environment = {key: value for key, value in os.environ.items() if not key.startswith("BOT_")}
        environment |= {
            "PYTHONPATH": os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT)))),
            "BOT_DATA_DIR": str(self.folder / name.replace(" ", "-")),
            "BOT_PORT": str(self.port),
            "BOT_DATABASE_URL": self.database_url,
            "BOT_REDIS_URL": self.redis_url,
            "BOT_SECRET_KEY": SECRET,
            "BOT_WECHAT_APP_ID": made.app_id,
            "BOT_WECHAT_APP_SECRET": made.app_secret,
            "BOT_WECHAT_TOKEN": made.token,
            "BOT_WECHAT_AES_KEY": made.aes_key,
            "BOT_WECHAT_API_BASE": self.api,
            "BOT_WECHAT_TEMPLATES": json.dumps(sandbox_template_settings(), ensure_ascii=False),
            "BOT_WECHAT_RATE_PER_S": str(self.rate),
        }
        library = faketime_library()
        if library is not None and name.endswith(" 2") and not self.forked:
            self.set_clock(name, 0)
            environment |= {
                "LD_PRELOAD": library,
                "FAKETIME_TIMESTAMP_FILE": str(self.folder / f"clock of {name}"),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1",
            }
        return environment

    async def _start_wechat(self) -> None:
        with (self.folder / "wechat.log").open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "sandbox"),
                cwd=ROOT,
                env=os.environ | {"BOT_SECRET_KEY": SECRET},
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        assert process.stdout is not None
        self.processes["wechat"] = process
        self.api = json.loads(await process.stdout.readline())["api_base"]

    async def wechat(self, method: str, name: str, body: Any = None) -> Any:
        """Ask the control plane of the sandbox."""
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, f"{self.api}/_sim/{name}", json=body) as response,
        ):
            return await response.json()

    def ended(self) -> list[str]:
        """Names of the processes that have ended by themselves; none should."""
        return [name for name, process in self.processes.items() if process.returncode is not None]

    async def stop(self) -> None:
        """Stop all processes, each as it ends its work."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                process.terminate()
        for process in self.processes.values():
            try:
                await asyncio.wait_for(process.wait(), 30)
            except TimeoutError:
                process.kill()
                await process.wait()
        await self._end_parent()

    async def kill(self) -> None:
        """End all processes at once: their work is nobody's any more."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                process.kill()
        for process in self.processes.values():
            await process.wait()
        await self._end_parent()

    async def _end_parent(self) -> None:
        if self._parent is not None and self._parent.stdin is not None:
            self._parent.stdin.close()
            await self._parent.wait()
