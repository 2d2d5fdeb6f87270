"""The data folder of one machine: its lock, its secret key, and what a running `up` has opened."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path


class FolderInUseError(Exception):
    """Another `policybot up` works on this data folder."""


@dataclass(frozen=True, slots=True)
class Running:
    """What a running `up` has opened; other commands attach to it."""

    pid: int
    port: int
    redis_url: str


@dataclass(frozen=True, slots=True)
class DataFolder:
    path: Path

    @property
    def database_url(self) -> str:
        return f"sqlite+aiosqlite:///{self.path / 'policybot.db'}"

    @property
    def valkey_path(self) -> Path:
        return self.path / "valkey"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process until the end of the block; the lock dies with the process.

        Raises:
            FolderInUseError: another process holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.path / "up.lock").open("a+") as lock:
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
        """Tell other commands what is open; readable by the owner alone."""
        file = self.path / "up.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(running)))

    def withdraw(self) -> None:
        (self.path / "up.json").unlink(missing_ok=True)

    def running(self) -> Running | None:
        """What a living `up` on this folder has opened, else None."""
        try:
            running = Running(**json.loads((self.path / "up.json").read_text()))
            os.kill(running.pid, 0)
        except (OSError, ValueError, TypeError):
            return None
        return running

    def secret_key(self) -> bytes:
        """The folder's own key for links and cookies, made once."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self.path / "secret.key"
        try:
            with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
                new.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
        return file.read_text().strip().encode()
