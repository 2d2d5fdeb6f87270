"""Places that no list of ours has (云溪, 浦口): told by the segmenter's own knowledge of names. Pure."""

from collections.abc import Iterable

import rjieba

_PLACE = "ns"


def unknown_place(words: Iterable[str]) -> str:
    """The first of some words that is the name of a place; "" where none is."""
    for word in words:
        if len(word) > 1 and [tag for _, tag in rjieba.tag(word)] == [_PLACE]:
            return word
    return ""
