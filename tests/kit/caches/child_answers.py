"""What a child process read in a file is kept from test to test: the same file with the same parameters is read once a run.

The children are forks (`tests.kit.reader_forks`); where one gives no complete answer, a real child says why. The rooms that test
readers of documents (`tests/policies/importing`) and the child (`tests/storage`) keep nothing.
"""

import asyncio
import fcntl
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from policies.importing import review
from storage.child import tables
from storage.child.running import Limits, run_in_child
from tests.kit.reader_forks import ReadingForks

_T = TypeVar("_T")
_USUAL = Limits()
_READERS = (review, tables)


def keep_answers(patch: pytest.MonkeyPatch, folder: Path, forks: ReadingForks) -> None:
    """Let every reader ask a child only what none was asked before; the answers are in `folder`."""

    async def read_once(
        task: str, parameters: str, raw: bytes, decode: Callable[[bytes], _T], limits: Limits = _USUAL
    ) -> list[_T]:
        asked = repr((task, parameters, raw, limits)).encode()
        kept = folder / hashlib.sha256(asked).hexdigest()
        with kept.with_suffix(".lock").open(
            "w"
        ) as lock:  # another worker may be reading it for the other database
            await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
            if not kept.exists():
                lines = await asyncio.to_thread(forks.read, task, parameters, raw, limits)
                lines = lines or await run_in_child(task, parameters, raw, bytes, limits)
                written = kept.with_suffix(".written")
                written.write_bytes(b"\n".join(lines))
                written.rename(kept)
        return [decode(line) for line in kept.read_bytes().split(b"\n")]

    for reader in _READERS:
        patch.setattr(reader, "run_in_child", read_once)
