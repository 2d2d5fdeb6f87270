"""A cache by text, for work on what people type."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

LONGEST = 60
"""Characters of the longest text that is cached; two people hardly type the same longer one."""

_T = TypeVar("_T")


def cache_by_text(work: Callable[[str], _T], most: int) -> Callable[[str], _T]:
    """Return `work` with its results for the last texts cached.

    Texts longer than `LONGEST` are never cached, so people cannot fill the memory with what they send.

    Args:
        work: a function whose result depends on the text alone.
        most: how many texts are cached.
    """
    cached = lru_cache(maxsize=most)(work)

    def answer(text: str) -> _T:
        return cached(text) if len(text) <= LONGEST else work(text)

    return answer
