"""What is made once and kept for later runs too, until what it is made of changes."""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_FOLDER = _ROOT / ".pytest_cache" / "kept"
SCHEMA = ("bot/schema", "storage/sql")
"""What an empty database is made of."""
LIBRARY = (*SCHEMA, "library", "policies", "policies.json", "storage", "tests/kit/seeded_databases.py")
"""What one with the library is made of."""


def kept(name: str, made_of: Iterable[str], make: Callable[[Path], object]) -> Path:
    """A folder that `make` has filled. Copy from it, change nothing in it.

    Args:
        name: of the folder, for people.
        made_of: files and folders from the root; where one has changed, it is made anew. The pinned packages count too.
        make: fills an empty folder.
    """
    _FOLDER.mkdir(parents=True, exist_ok=True)
    folder = _FOLDER / f"{name}-{_digest((*made_of, 'requirements-dev.lock'))}"
    with (_FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            for earlier in _FOLDER.glob(f"{name}-*"):
                shutil.rmtree(earlier, ignore_errors=True)
            unfinished = Path(tempfile.mkdtemp(dir=_FOLDER))
            make(unfinished)
            unfinished.rename(folder)
    return folder


def _digest(places: Iterable[str]) -> str:
    found = hashlib.sha256()
    for place in places:
        path = _ROOT / place
        inside = (file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc")
        for file in sorted(inside) if path.is_dir() else (path,):
            found.update(f"{file.relative_to(_ROOT)}\0".encode() + file.read_bytes())
    return found.hexdigest()[:16]
