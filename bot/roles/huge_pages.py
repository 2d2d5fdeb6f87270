"""Puts what is built at the start on huge pages of memory, if the system is Linux.

A message runs through data all over the process. With pages of 4 KB the processor looks up the places of pages again
and again; one page of 2 MB replaces 512 of them. Written by hand: Python has no way to ask for it, and the kernel
does it by itself only if `transparent_hugepage/enabled` is `always`.
"""

import ctypes
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_SIZE = 2 * 1024 * 1024
_MADV_COLLAPSE = 25
"""Linux 6.1 and later; an older one refuses it, and nothing is changed."""
_PRIVATE = re.compile(r"(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) rw-p 00000000 00:00 0 *(?:\[heap\])?")
_MAPS = Path("/proc/self/maps")


def use_huge_pages() -> None:
    """Move what is in memory now to huge pages; takes some tenths of a second, so call it in a thread."""
    if sys.platform != "linux":
        return
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for start, end in whole_pages(_MAPS.read_text().splitlines()):
        for page in range(start, end, _SIZE):
            advise(page, _SIZE, _MADV_COLLAPSE)  # a page without data is refused, and stays as it is


def whole_pages(maps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Return stretches of the process's own memory that hold whole huge pages, from lines of `/proc/self/maps`."""
    for line in maps:
        if found := _PRIVATE.fullmatch(line):
            start = -(-int(found["start"], 16) // _SIZE) * _SIZE
            end = int(found["end"], 16) // _SIZE * _SIZE
            if start < end:
                yield start, end
