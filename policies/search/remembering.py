"""Answers kept for texts that many people type."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

LONGEST = 60
"""Characters of a text that is remembered; two people hardly type the same longer one."""

_T = TypeVar("_T")


def remember(work: Callable[[str], _T], most: int) -> Callable[[str], _T]:
    """As `work`, which depends on its text alone, but quick for the texts asked last.

    Args:
        work: what is done with a text.
        most: how many texts are remembered. Long ones never are: what people send must not fill the memory.
    """
    kept = lru_cache(maxsize=most)(work)

    def answer(text: str) -> _T:
        return kept(text) if len(text) <= LONGEST else work(text)

    return answer
