"""A small inverted index: for each term, in which clauses it stands and how strongly.

Rows are clauses by position. Strengths are bytes, so that 100,000 clauses need some bytes a posting.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import log

STRENGTH_UNIT = 160
"""A strength of 1.0 as a byte; the strongest is 255 / 160."""

_MANY = 2_500
"""Postings read for one question before the rows are narrowed to those of the rarest terms."""
_CANDIDATES = 40
"""Rows scored for one question, where they had to be narrowed."""
_RAREST = 6
"""Terms that narrow them."""


class Postings:
    """Rows (ascending) and strengths of every term; read-only once all rows are added."""

    def __init__(self) -> None:
        self._rows: dict[str, array[int]] = {}
        self._strengths: dict[str, array[int]] = {}
        self._pairs: dict[str, array[int]] = {}
        self._size = 0
        self._scale = 1.0

    def __len__(self) -> int:
        return self._size

    def add(self, strengths: dict[str, float], pairs: Iterable[str]) -> None:
        """Add the next row: its terms with their strengths, and the character pairs that stand in it."""
        row = self._size
        for term, strength in strengths.items():
            rows = self._rows.get(term)
            if rows is None:
                rows = self._rows[term] = array("I")
                self._strengths[term] = array("B")
            rows.append(row)
            self._strengths[term].append(min(255, round(strength * STRENGTH_UNIT)))
        known = self._pairs
        for pair in pairs:
            try:
                known[pair].append(row)
            except KeyError:
                known[pair] = array("I", (row,))
        self._size += 1
        self._scale = log(self._size + 1.0)

    def rarity(self, term: str) -> float:
        """1 for a term of one clause, near 0 for a term of all, 0 for one of none."""
        return self._rarity(self._rows.get(term))

    def pair_rarity(self, pair: str) -> float:
        """The same for a character pair."""
        return self._rarity(self._pairs.get(pair))

    def _rarity(self, rows: Sequence[int] | None) -> float:
        return log((self._size + 1.0) / len(rows)) / self._scale if rows else 0.0

    def strengths(self, term: str, among: Sequence[int] | None = None) -> Iterable[tuple[int, int]]:
        """Rows that hold a term, with its strength there in units of 1 / `STRENGTH_UNIT`.

        Only rows of `among` (ascending) where given.
        """
        rows = self._rows.get(term)
        if rows is None:
            return ()
        strengths = self._strengths[term]
        if among is None:
            return zip(rows, strengths, strict=True)
        return [(rows[at], strengths[at]) for at in _common(rows, among)]

    def strength(self, term: str, row: int) -> float:
        """How strongly a term stands in a row, 0 where it doesn't."""
        rows = self._rows.get(term, _NOTHING)
        at = bisect_left(rows, row)
        return self._strengths[term][at] / STRENGTH_UNIT if at < len(rows) and rows[at] == row else 0.0

    def with_pair(self, pair: str, among: Sequence[int] | None = None) -> Sequence[int]:
        """Rows that hold a character pair; only those of `among` (ascending) where given."""
        rows = self._pairs.get(pair, _NOTHING)
        return rows if among is None else [rows[at] for at in _common(rows, among)]

    def narrow(self, terms: Iterable[str], pairs: Iterable[str]) -> Sequence[int] | None:
        """The rows worth scoring; None for all that hold any of the terms, where these are not too many.

        The rarest terms decide: their rows are narrowed by each next term that leaves any.
        """
        lists = [found for term in terms if (found := self._rows.get(term))]
        lists += [found for pair in pairs if (found := self._pairs.get(pair))]
        if sum(map(len, lists)) <= _MANY:
            return None
        lists.sort(key=len)
        narrowed: Sequence[int] = lists[0]
        for other in lists[1:_RAREST]:
            if len(narrowed) <= _CANDIDATES:
                break
            common = _common(other, narrowed[: 4 * _CANDIDATES])
            if len(common) > 0:
                narrowed = [other[at] for at in common]
        return narrowed[:_CANDIDATES]


_NOTHING: Sequence[int] = array("I")


def _common(rows: Sequence[int], among: Sequence[int]) -> list[int]:
    """Positions in `rows` of the values that stand in `among` too; both ascend."""
    found, at, size = [], 0, len(rows)
    for row in among:
        at = bisect_left(rows, row, at)
        if at == size:
            break
        if rows[at] == row:
            found.append(at)
    return found
