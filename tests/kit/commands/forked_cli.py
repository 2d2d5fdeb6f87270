"""`policybot …` as a process of its own: a fork of one that all workers of a run share (`tests.kit.commands.command_server`).

A fork has its own folder, environment, streams and exit code all the same.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from select import select

_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left."""

    returncode: int
    stdout: bytes
    stderr: bytes


class Forked:
    """A command that runs, or has ended.

    Attributes:
        pid: of the process.
    """

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self._told = server.makefile()
        self.pid = int(self._told.readline())

    @cached_property
    def exitcode(self) -> int:
        """It waits for the end."""
        code = int(self._told.readline())
        self._told.close()
        self._server.close()
        return code

    def join(self) -> None:
        """Wait for the end."""
        assert self.exitcode is not None

    def terminate(self) -> None:
        """Send SIGTERM, unless it has ended."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL, unless it has ended."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if "exitcode" not in self.__dict__ and not select([self._server], [], [], 0)[0]:
            os.kill(self.pid, number)


def run_policybot(
    folder: Path,
    *words: str,
    environment: Mapping[str, str],
    umask: int = 0o022,
    stdout: Path | None = None,
    typed: str = "",
) -> Ended:
    """Run a command in a folder to its end, with this environment and none else.

    Args:
        folder: where it runs.
        words: of the command.
        environment: all of it.
        umask: of the process.
        stdout: a device or file that gets what it says.
        typed: what it reads from stdin.
    """
    streams = Path(tempfile.mkdtemp(prefix=".streams", dir=folder))
    said = stdout or streams / "stdout"
    (streams / "stdin").write_text(typed, encoding="utf-8")
    code = _fork(folder, words, environment, umask, streams, said).exitcode
    try:
        return Ended(code, b"" if stdout else said.read_bytes(), (streams / "stderr").read_bytes())
    finally:
        shutil.rmtree(streams)


def start_policybot(folder: Path, *words: str, environment: Mapping[str, str]) -> Forked:
    """Begin a command in a folder, with this environment and none else; what it says stays in a folder in there."""
    streams = Path(tempfile.mkdtemp(prefix=".streams", dir=folder))
    (streams / "stdin").touch()
    return _fork(folder, words, environment, 0o022, streams, streams / "stdout")


def _fork(
    folder: Path,
    words: tuple[str, ...],
    environment: Mapping[str, str],
    umask: int,
    streams: Path,
    said: Path,
) -> Forked:
    server = socket.socket(socket.AF_UNIX)
    server.connect(str(command_server()))
    asked = json.dumps([words, str(folder), dict(environment), umask]).encode()
    with ExitStack() as stack:
        files = [
            stack.enter_context((streams / "stdin").open("rb")),
            *(stack.enter_context(place.open("wb")) for place in (said, streams / "stderr")),
        ]
        socket.send_fds(server, [len(asked).to_bytes(4, "big")], [file.fileno() for file in files])
    server.sendall(asked)
    return Forked(server)


def command_server() -> Path:
    """Where commands are taken in this run; the first who asks starts the server, which ends with the run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    place = Path(tempfile.gettempdir(), f"policybot-{run}.socket")
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            whole_run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
            command = [sys.executable, "-m", "tests.kit.commands.command_server", str(place), str(whole_run)]
            subprocess.run(
                command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True
            )
    return place
