"""Cuts a text into words of everyday use, by the segmenter's dictionary."""

from collections.abc import Sequence
from functools import lru_cache

import rjieba

_TEXTS_KEPT = 64


@lru_cache(maxsize=_TEXTS_KEPT)
def everyday_words(text: str) -> Sequence[str]:
    """Return the words of a compact text, in their order; together they are the text. One question needs those
    of one text often.
    """
    return tuple(rjieba.cut(text, hmm=False))
