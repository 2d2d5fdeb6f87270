"""The data folder of one machine: its lock, its secret key, and the port and Redis of a running `up`."""

import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import URL

_SHORTEST_KEY = 32
_PRIVATE_FILES = ("policybot.db", "secret.key", "sandbox.json", "up.json")


class FolderInUseError(Exception):
    """Another `policybot up` works on this data folder."""


class FolderUnusableError(Exception):
    """The data folder or a file in it can't be used; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Running:
    """The port and the Redis of a running `up`; other commands attach to them."""

    pid: int
    port: int
    redis_url: str


@dataclass(frozen=True, slots=True)
class DataFolder:
    path: Path

    @property
    def database_url(self) -> str:
        file = str(self.path / "policybot.db")
        return URL.create("sqlite+aiosqlite", database=file).render_as_string()  # `?` and `%` are escaped

    @property
    def valkey_path(self) -> Path:
        return self.path / "valkey"

    @property
    def worker_metrics(self) -> Path:
        """Return where the worker of a running `up` keeps its metrics, for the web process beside it."""
        return self.path / "metrics"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the folder for this process until the end of the block. The end of the process also frees the lock.

        Raises:
            FolderInUseError: another process holds it.
            FolderUnusableError: it can't be made, or not be written.
        """
        self.make()
        with self._usable():
            file = (self.path / "up.lock").open("a+")
        with file as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                running = self.running()
                who = f" (process {running.pid}, port {running.port})" if running else ""
                raise FolderInUseError(
                    f"another `policybot up`{who} works on {self.path}; stop it, or set BOT_DATA_DIR and BOT_PORT"
                ) from None
            yield

    def announce(self, running: Running) -> None:
        """Write the file that other commands read; its owner alone may read it."""
        with self._usable():
            file = self.path / "up.json"
            file.touch(mode=0o600)
            file.write_text(json.dumps(asdict(running)))

    def withdraw(self) -> None:
        (self.path / "up.json").unlink(missing_ok=True)

    def running(self) -> Running | None:
        """Return the port and the Redis of a living `up` on this folder, else None."""
        try:
            running = Running(**json.loads((self.path / "up.json").read_text()))
            os.kill(running.pid, 0)
        except (OSError, ValueError, TypeError):
            return None
        return running

    def secret_key(self) -> bytes:
        """Return the secret key of the folder, for links and cookies. The first call makes it.

        Raises:
            FolderUnusableError: it cannot be made or read, or the file holds no valid key.
        """
        self.make()
        file = self.path / "secret.key"
        with self._usable():
            if not file.exists():
                self._make_key(file)
            key = file.read_bytes().strip()
        if len(key) < _SHORTEST_KEY:
            raise FolderUnusableError(
                f"{file} holds no key ({len(key)} bytes; was the disk full when it was made?): put the one of a "
                "backup there; in a new installation delete it, and the next start makes another"
            )
        return key

    def make(self) -> None:
        """Make the folder if it does not exist. Only its owner may enter it.

        Raises:
            FolderUnusableError: it can't be made.
        """
        with self._usable():
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def open_to_others(self) -> list[Path]:
        """Return the folder and those of its files that other users of the machine may read or write."""
        paths = (self.path, *(self.path / name for name in _PRIVATE_FILES))
        return [path for path in paths if path.exists() and path.stat().st_mode & 0o077]

    def _make_key(self, file: Path) -> None:
        """Write a whole key or none. Of two processes at the same time, one makes it."""
        handle, name = tempfile.mkstemp(prefix="secret.key.", dir=self.path)
        try:
            with os.fdopen(handle, "w") as new:
                new.write(secrets.token_urlsafe(32))
                new.flush()
                os.fsync(new.fileno())
            with suppress(FileExistsError):
                os.link(name, file)
        finally:
            Path(name).unlink()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FolderUnusableError(
                f"{error.filename or self.path}: {error.strerror}: BOT_DATA_DIR must be a folder that this user may "
                "write, on a disk with room"
            ) from error
