"""Words of the trade that a text writes with something between their parts (境外专业展会 is 境外展会)."""

from collections.abc import Iterable, Sequence

import rjieba

_SHORTEST_PART = 2
"""Characters of a part; shorter ones (险, 证) stand everywhere."""
_BETWEEN = 6
"""Characters of the same phrase that may stand between two parts."""
_BREAKS = frozenset("，,。；;：:、\n()（）《》")


def parts_of(word: str) -> Sequence[str]:
    """The parts of a compact word, as a segmenter cuts it; none where it is one, or where one of them is too short."""
    parts = rjieba.cut(word) if len(word) >= 2 * _SHORTEST_PART else ()
    return parts if len(parts) > 1 and min(map(len, parts)) >= _SHORTEST_PART else ()


def stand_in(text: str, parts: Sequence[str]) -> bool:
    """Whether a text has some parts in one phrase, in their order."""
    start = text.find(parts[0])
    while start >= 0 and not _follow(text, start, parts):
        start = text.find(parts[0], start + 1)
    return start >= 0


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
        """The words whose parts a text has in one phrase, in their order."""
        return {
            word
            for start in range(len(text) - 1)
            for word, parts in self._by_head.get(text[start : start + _SHORTEST_PART], ())
            if _follow(text, start, parts)
        }


def _follow(text: str, start: int, parts: Sequence[str]) -> bool:
    """Whether parts stand in a text from a place on, each but a few characters behind the one before."""
    if not text.startswith(parts[0], start):
        return False
    at = start + len(parts[0])
    for part in parts[1:]:
        found = text.find(part, at, at + _BETWEEN + len(part))
        if found < 0 or not _BREAKS.isdisjoint(text[at:found]):
            return False
        at = found + len(part)
    return True
