"""Large data is built without the garbage collector: a walk over millions of objects would hold the event loop for a second."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_within = 0


@contextmanager
def without_garbage_collection(*, where: bool = True) -> Iterator[None]:
    """No collection within this block, in any thread. At its end every object of the process is frozen (`gc.freeze`): no
    later collection walks over it.

    What it made must have no reference cycles: it is freed when the last reference to it goes, or never. What other threads
    leave in cycles meanwhile stays in memory too; in some seconds, a few times a day, that is next to nothing.

    Args:
        where: False: so little is made that a collection would not be felt; everything stays as it is.
    """
    global _within  # noqa: PLW0603 - the collector is one for the process, too
    if not where:
        yield
        return
    with _lock:
        _within += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if not _within:
                gc.freeze()
                gc.enable()
