"""Many vectors in groups, such as the passages of a clause. One vector is compared with all: how near is each group's nearest?"""

from typing import Any

Vectors = Any
"""Rows of numpy float32, each of length 1. numpy comes with the extra, so nothing else may need it."""

_MANY = 20_000
"""Rows from which on all are compared roughly; below, the exact product takes a few milliseconds."""
_ROUGH = 64
"""Directions in which they differ most, that a rough comparison is made in."""
_AT_ONCE = 500
"""Rows that are picked and compared together. This many stay in the processor's cache."""


class Groups:
    """Vectors that never change, those of one group side by side.

    Attributes:
        is_rough: whether there are so many rows that `nearest` is approximate.
    """

    def __init__(self, numpy: Any, rows: Vectors, starts: Vectors, many: int | None = None) -> None:
        """Args:
        numpy: the module.
        rows: the vectors.
        starts: the first row of each group.
        many: from how many rows on not all are compared exactly. None: the usual number.
        """
        self._numpy = numpy
        self._rows = rows
        self._starts = starts
        self._sizes = numpy.diff(starts, append=len(rows))
        self.is_rough = len(rows) >= (_MANY if many is None else many)
        if self.is_rough:
            self._make_rough()

    def _make_rough(self) -> None:
        """Turn the rows to few directions. The first row of every group comes first, then the second of all that have one, …

        So the nearest of each group is found by a few comparisons of whole columns.
        """
        numpy = self._numpy
        _, directions = numpy.linalg.eigh(self._rows.T @ self._rows)
        self._directions = directions[:, -_ROUGH:].astype("float32")
        self._by_size = numpy.argsort(-self._sizes, kind="stable")
        self._rounds = [int((self._sizes > place).sum()) for place in range(self._sizes.max())]
        starts = self._starts[self._by_size]
        order = [starts[:count] + place for place, count in enumerate(self._rounds)]
        self._rough = (self._rows @ self._directions)[numpy.concatenate(order)]

    def nearest(self, vector: Vectors) -> Vectors:
        """Return by group the cosine of a vector with the nearest one in it."""
        if not self.is_rough:
            return self._numpy.maximum.reduceat(self._rows @ vector, self._starts)
        cosines = self._rough @ (vector @ self._directions)
        best, at = cosines[: len(self._starts)], len(self._starts)
        for count in self._rounds[1:]:
            self._numpy.maximum(best[:count], cosines[at : at + count], out=best[:count])
            at += count
        nearest = self._numpy.empty_like(best)
        nearest[self._by_size] = best
        return nearest

    def nearest_in(self, groups: Vectors, vector: Vectors) -> Vectors:
        """Return for these groups only (their numbers) the exact cosine of a vector with the nearest one in each."""
        numpy = self._numpy
        if len(groups) == len(self._starts):
            return numpy.maximum.reduceat(self._rows @ vector, self._starts)[groups]
        sizes = self._sizes[groups]
        starts = numpy.cumsum(sizes) - sizes
        rows = numpy.repeat(self._starts[groups] - starts, sizes) + numpy.arange(sizes.sum())
        parts = (rows[at : at + _AT_ONCE] for at in range(0, len(rows), _AT_ONCE))
        cosines = numpy.concatenate([self._rows[part] @ vector for part in parts])
        return numpy.maximum.reduceat(cosines, starts)
