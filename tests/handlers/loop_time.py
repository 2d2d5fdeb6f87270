"""How long one callback of the event loop keeps all others waiting, in the processor's time of its thread."""

import asyncio
import gc
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

LIMIT_S = 0.05
_GIVEN_UP_S = 1.0
"""What takes longer is broken off: it might take hours."""


@dataclass
class Longest:
    """The longest callback so far, and what it was."""

    seconds: float = 0.0
    what: str = ""

    def forget(self) -> None:
        self.seconds, self.what = 0.0, ""


class GivenUp(Exception):  # noqa: N818
    """A callback has held the loop for a second."""


def _give_up(*_: Any) -> None:
    raise GivenUp


@contextmanager
def loop_time() -> Iterator[Longest]:
    """Time every callback while inside. Time that the machine gives to others isn't counted.

    The garbage collector stands still: its walks over what the other tests left are no part of an answer.
    """
    longest = Longest()
    run = asyncio.Handle._run  # type: ignore[attr-defined]

    def timed(handle: asyncio.Handle) -> None:
        begun = time.thread_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, _GIVEN_UP_S)
        run(handle)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        took = time.thread_time() - begun
        if took > longest.seconds:
            longest.seconds, longest.what = took, repr(handle)[:300]

    collecting = gc.isenabled()
    before = signal.signal(signal.SIGVTALRM, _give_up)
    gc.disable()
    asyncio.Handle._run = timed  # type: ignore[attr-defined]
    try:
        yield longest
    finally:
        asyncio.Handle._run = run  # type: ignore[attr-defined]
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collecting:
            gc.enable()
