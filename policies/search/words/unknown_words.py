"""Words that neither the library nor the data knows: the segmenter's, each with its weight."""

from collections.abc import Sequence
from functools import lru_cache

import rjieba

_UNKNOWN_BY_TAG = {
    "n": 0.9,
    "v": 0.65,
    "j": 0.9,
    "l": 0.8,
    "i": 0.8,
    "a": 0.35,
    "d": 0.15,
    "z": 0.3,
    "b": 0.5,
    "s": 0.5,
    "t": 0.3,
    "e": 0.6,
    "y": 0.0,
}
_OTHER_TAG = 0.25
UNKNOWN_WORD = "谈化"
"""A word that the segmenter's dictionary does not have."""
_GAPS_KEPT = 4_096


def load_segmenter() -> None:
    """Load what the first unknown word would make the segmenter load, which takes some 50 ms: not while anybody waits."""
    rjieba.tag(UNKNOWN_WORD)


@lru_cache(maxsize=_GAPS_KEPT)
def unknown_words(gap: str) -> Sequence[tuple[str, float, int]]:
    """Return the words of a stretch that no known word covers: text, weight (0–1) and place there. Many texts have
    the same stretch.
    """
    unknown, at = [], 0
    for word, tag in rjieba.tag(gap):
        weight = _weight(word, tag)
        if weight > 0:
            unknown.append((word, weight, at))
        at += len(word)
    return unknown


def _weight(word: str, tag: str) -> float:
    if word.isascii() and not word.isdigit():
        return 0.9 if len(word) > 1 else 0.3
    if word.isdigit():
        return 0.05 if len(word) < 6 else 0.8
    if tag in ("x", "m", "q"):
        return 0.05
    weight = _UNKNOWN_BY_TAG.get(tag[:1], _OTHER_TAG)
    return weight if len(word) > 1 else 0.4 * weight
