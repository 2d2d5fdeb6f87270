"""Folders that every user may reach: PostgreSQL and PgBouncer don't run as root, so as root they are another user."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_root() -> Path:
    """Where such folders stand: not inside pytest's own, which each run closes to other users when it begins."""
    return Path(os.environ.get("PYTEST_DEBUG_TEMPROOT") or tempfile.gettempdir())


@contextmanager
def open_to_all() -> Iterator[Path]:
    """An empty folder, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="policybot-", dir=open_root()) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
