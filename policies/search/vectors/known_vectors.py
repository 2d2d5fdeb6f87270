"""The vectors of known questions: those that a clause answers, and those that none does."""

from collections.abc import Sequence
from typing import Any

from policies.search.vectors.question_maps import QuestionMaps
from policies.search.vectors.rows import Rows, Vectors

UNANSWERED = -1
"""The row of the clause, for questions that no clause answers."""


class KnownVectors:
    """Known questions moved by both maps, as a question is that is compared with them."""

    def __init__(
        self, numpy: Any, clauses: int, known: Sequence[tuple[int, Vectors]], maps: QuestionMaps
    ) -> None:
        """Args:
        numpy: the module.
        clauses: how many there are.
        known: the row of the clause and the vector of each question, those of one clause together, the unanswered first.
        maps: where questions are moved to.
        """
        self._numpy = numpy
        self._clauses = clauses
        of = numpy.array([row for row, _ in known], dtype="int64")
        unanswered = int((of == UNANSWERED).sum())
        self._unanswered: Rows | None = None
        self._placed: Rows | None = None
        self._scoped: Rows | None = None
        if known:
            place, scope = maps.moved(numpy.array([vector for _, vector in known], dtype="float32"))
        if unanswered:
            self._unanswered = Rows(numpy, scope[:unanswered])
        if unanswered < len(known):
            of = of[unanswered:]
            self._placed, self._scoped = Rows(numpy, place[unanswered:]), Rows(numpy, scope[unanswered:])
            self._starts = numpy.flatnonzero(numpy.append(True, of[1:] != of[:-1]))
            self._of = of[self._starts]

    def placed(self, vector: Vectors) -> Vectors:
        """By row, the cosine of a vector moved by `place` with the nearest question of each clause."""
        return self._nearest(self._placed, vector)

    def scoped(self, vector: Vectors) -> Vectors:
        """The same of a vector moved by `scope`."""
        return self._nearest(self._scoped, vector)

    def unanswered(self, vector: Vectors) -> float:
        """The cosine of a vector moved by `scope` with the nearest question that no clause answers; 0 where there is none."""
        if self._unanswered is None:
            return 0.0
        return float(self._unanswered.cosines(vector[:, None]).max())

    def _nearest(self, rows: Rows | None, vector: Vectors) -> Vectors:
        """A clause that nobody asked for is as near as the farthest that somebody did."""
        if rows is None:
            return self._numpy.zeros(self._clauses, dtype="float32")
        nearest = self._numpy.maximum.reduceat(rows.cosines(vector[:, None])[:, 0], self._starts)
        by_row = self._numpy.full(self._clauses, nearest.min(), dtype="float32")
        by_row[self._of] = nearest
        return by_row
