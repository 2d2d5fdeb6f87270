"""A small inverted index: for each term, in which clauses it stands and how strongly.

A row is a clause's position in the library. Rows and strengths are kept in arrays of 4 bytes and 1 byte: 20,000 clauses
have some 4 million pairs of characters, which would take ten times the memory as Python objects.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from math import log

STRENGTH_UNIT = 160
"""A strength of 1.0 as a byte; the strongest is 255 / 160."""

_MANY = 2_500
"""Postings that one question may read. With more, only the rows of its rarest terms are scored."""
_CANDIDATES = 40
"""Rows scored for such a question."""
_RAREST = 6
"""How many terms choose these rows."""


class Postings:
    """Rows (ascending) and strengths of every term; read-only once all rows are added."""

    def __init__(self) -> None:
        self._rows: dict[str, array[int]] = {}
        self._strengths: dict[str, array[int]] = {}
        self._pairs: dict[str, array[int]] = {}
        self._size = 0
        self._scale = 1.0
        self._rarities: dict[str, float] = {}
        """The rarities asked for so far; empty until all rows are added."""

    def __len__(self) -> int:
        return self._size

    def add(self, strengths: Mapping[str, float], pairs: Iterable[str]) -> None:
        """Add the next row: its terms with their strengths, and the character pairs that stand in it."""
        self.put(self._size, strengths, pairs)

    def put(self, row: int, strengths: Mapping[str, float], pairs: Iterable[str]) -> None:
        """Add a row at its place. This is fastest after all other rows."""
        for term, strength in strengths.items():
            level = min(255, round(strength * STRENGTH_UNIT))
            rows = self._rows.get(term)
            if rows is None:
                self._rows[term], self._strengths[term] = array("I", (row,)), array("B", (level,))
            elif rows[-1] < row:  # nearly always
                rows.append(row)
                self._strengths[term].append(level)
            else:
                at = bisect_left(rows, row)
                rows.insert(at, row)
                self._strengths[term].insert(at, level)
        known = self._pairs
        for pair in pairs:
            rows = known.get(pair)
            if rows is None:
                known[pair] = array("I", (row,))
            elif rows[-1] < row:
                rows.append(row)
            else:
                rows.insert(bisect_left(rows, row), row)
        self._grow(row + 1)

    def _grow(self, size: int) -> None:
        self._size = max(self._size, size)
        self._scale = log(self._size + 1.0)

    def moved(self, places: Sequence[int], without: Set[str]) -> "Postings":
        """Return the postings of the rows that stay, at their new places. This object does not change.

        Args:
            places: the new place of each row; -1 for a row that goes.
            without: terms that are no longer terms.
        """
        other = Postings()
        for term, rows in self._rows.items():
            if term not in without:
                found = sorted(_at(places, zip(rows, self._strengths[term], strict=True)))
                if found:
                    other._rows[term] = array("I", (row for row, _ in found))
                    other._strengths[term] = array("B", (strength for _, strength in found))
        for pair, rows in self._pairs.items():
            kept = sorted(filter(_STAYS, map(places.__getitem__, rows)))
            if kept:
                other._pairs[pair] = array("I", kept)
        other._grow(max(places, default=-1) + 1)
        return other

    def rarity(self, term: str) -> float:
        """Return how rare a term is: 1 in one clause only, near 0 in all clauses, 0 in none."""
        try:
            return self._rarities[term]
        except KeyError:
            rows = self._rows.get(term)
            if rows is None:
                return 0.0
            rare = self._rarities[term] = self._rarity(rows)
            return rare

    def pair_rarity(self, pair: str) -> float:
        """Return how rare a character pair is: 1 in one clause only, near 0 in all clauses, 0 in none."""
        return self._rarity(self._pairs.get(pair))

    def _rarity(self, rows: Sequence[int] | None) -> float:
        return log((self._size + 1.0) / len(rows)) / self._scale if rows else 0.0

    def strengths(self, term: str, among: Sequence[int] | None = None) -> Iterable[tuple[int, int]]:
        """Return the rows that hold a term, with its strength there in units of 1 / `STRENGTH_UNIT`.

        If `among` (ascending) is given, return only its rows.
        """
        rows = self._rows.get(term)
        if rows is None:
            return ()
        strengths = self._strengths[term]
        if among is None:
            return zip(rows, strengths, strict=True)
        return [(rows[at], strengths[at]) for at in _common(rows, among)]

    def strength(self, term: str, row: int) -> float:
        """Return how strongly a term stands in a row; 0 if it is not there."""
        rows = self._rows.get(term)
        if rows is None:
            return 0.0
        at = bisect_left(rows, row)
        return self._strengths[term][at] / STRENGTH_UNIT if at < len(rows) and rows[at] == row else 0.0

    def with_pair(self, pair: str, among: Sequence[int] | None = None) -> Sequence[int]:
        """Return the rows that hold a character pair; only those of `among` (ascending) if given."""
        rows = self._pairs.get(pair, _NOTHING)
        return rows if among is None else [rows[at] for at in _common(rows, among)]

    def has_pair(self, pair: str, row: int) -> bool:
        """Whether a row holds a character pair."""
        rows = self._pairs.get(pair, _NOTHING)
        at = bisect_left(rows, row)
        return at < len(rows) and rows[at] == row

    def narrow(self, terms: Collection[str], pairs: Collection[str]) -> Sequence[int] | None:
        """Return the rows to score. None means all rows with any of the terms, if these are few enough.

        It begins with the rows of the rarest term. Each next term keeps only the rows that hold it too, unless no row
        does. A repeated term counts once.
        """
        if (len(terms) + len(pairs)) * self._size <= _MANY:  # a small library
            return None
        lists = [found for term in dict.fromkeys(terms) if (found := self._rows.get(term))]
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
_STAYS = (-1).__lt__


def _at(places: Sequence[int], rows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Return rows with their strengths at their new places."""
    return ((place, strength) for row, strength in rows if (place := places[row]) >= 0)


def _common(rows: Sequence[int], among: Sequence[int]) -> list[int]:
    """Return positions in `rows` of the values that stand in `among` too; both ascend."""
    found, at, size = [], 0, len(rows)
    for row in among:
        at = bisect_left(rows, row, at)
        if at == size:
            break
        if rows[at] == row:
            found.append(at)
    return found
