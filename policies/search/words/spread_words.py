"""Words of the trade that a text writes with something between their parts (境外专业展会 is 境外展会)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import rjieba

_SHORTEST_PART = 2
"""Characters of a part; shorter ones (险, 证) stand everywhere."""
_BETWEEN = 4
"""Characters of the same phrase that may stand between two parts."""
_WORDS_KEPT = 8_192
"""Words whose parts are kept: those of the trade, which are the same for every index."""
_BREAKS = frozenset("，,。；;：:、\n()（）《》")


@lru_cache(maxsize=_WORDS_KEPT)
def parts_of(word: str) -> Sequence[str]:
    """Return the parts of a compact word, as a segmenter cuts it; none if it is one word, or if a part is too short."""
    parts = rjieba.cut(word) if len(word) >= 2 * _SHORTEST_PART else ()
    return parts if len(parts) > 1 and min(map(len, parts)) >= _SHORTEST_PART else ()


def stand_in(text: str, parts: Sequence[str]) -> bool:
    """Whether a text has some parts in one phrase, in their order."""
    if parts[-1] not in text:
        return False
    start = text.find(parts[0])
    while start >= 0 and not _follow(text, start, parts):
        start = text.find(parts[0], start + 1)
    return start >= 0


def _follow(text: str, start: int, parts: Sequence[str]) -> bool:
    """Whether parts stand in a text, the first at a place and each other a few characters behind the one before."""
    at = start + len(parts[0])
    for part in parts[1:]:
        found = text.find(part, at, at + _BETWEEN + len(part))
        if found < 0 or not _BREAKS.isdisjoint(text[at:found]):
            return False
        at = found + len(part)
    return True


class SpreadWords:
    """Words of two or more parts."""

    def __init__(self, words: Iterable[str]) -> None:
        """Args:
        words: compact; those that are not of several parts are left out.
        """
        self._by_head: dict[str, list[tuple[str, Sequence[str]]]] = {}
        for word in dict.fromkeys(words):
            if parts := parts_of(word):
                self._by_head.setdefault(word[:_SHORTEST_PART], []).append((word, parts))

    def within(self, text: str) -> set[str]:
        """Return the words whose parts a text has in one phrase, in their order."""
        heads = {text[at : at + _SHORTEST_PART] for at in range(len(text) - 1)} & self._by_head.keys()
        return {word for head in heads for word, parts in self._by_head[head] if stand_in(text, parts)}
