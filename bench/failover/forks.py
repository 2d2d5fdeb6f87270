"""Roles as forks of one process that has them loaded: each by itself takes a second or two of processor time to load.

`python -m bench.failover.forks` is that process. It begins a role for each line of its stdin, and the roles end with it.
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from asyncio.subprocess import Process as Parent
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import psutil

_ROOT = Path(__file__).parents[2]
_ROLES = ("web_role", "worker_role", "scheduler_role", "serving")


class Fork:
    """A role's process, as `asyncio.subprocess` has one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._process = psutil.Process(pid)

    @property
    def returncode(self) -> int | None:
        """None while it runs; nobody learns more than that it has ended."""
        return None if self._process.is_running() else 0

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        try:
            self._process.send_signal(number)
        except psutil.NoSuchProcess as error:
            raise ProcessLookupError from error

    async def wait(self) -> int:
        """Wait for its end."""
        while self._process.is_running():  # noqa: ASYNC110 - it is nobody's child here
            await asyncio.sleep(0.02)
        return 0


async def begin_parent() -> Parent:
    """Start the process whose forks are the roles; it ends when its stdin is closed."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.failover.forks"), cwd=_ROOT, stdin=PIPE, stdout=PIPE
    )


async def fork(parent: Parent, role: str, folder: Path, environment: Mapping[str, str], log: Path) -> Fork:
    """Begin a role in a folder, with this environment and none else; what it says goes to `log`."""
    assert parent.stdin is not None
    assert parent.stdout is not None
    order = {"role": role, "folder": str(folder), "environment": dict(environment), "log": str(log)}
    parent.stdin.write(json.dumps(order).encode() + b"\n")
    return Fork(int(await parent.stdout.readline()))


def _become(role: str, folder: str, environment: Mapping[str, str], log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["policybot", role, "--parent", str(os.getppid())]
    from bot.cli import main  # noqa: PLC0415 - who only asks for forks loads none of it

    main()


def main() -> None:
    """Load the roles, and fork what is asked for."""
    for name in _ROLES:
        import_module(f"bot.roles.{name}")
    for name in ("web", "worker", "scheduler"):
        import_module(f"bot.commands.roles.{name}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: a fork that ended is gone
    while line := sys.stdin.readline():
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            _become(**order)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
