"""The vectors of known questions: those that a clause answers, and those that none does."""

from collections.abc import Sequence
from typing import Any

from policies.search.vectors.groups import Groups, Vectors
from policies.search.vectors.question_maps import QuestionMaps

UNANSWERED = -1
"""The row of the clause, for questions that no clause answers."""


class KnownVectors:
    """Known questions moved by both maps, like the question that is compared with them."""

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
        self._unanswered: Vectors = None
        self._placed: Groups | None = None
        self._scoped: Groups | None = None
        if known:
            place, scope = maps.moved(numpy.array([vector for _, vector in known], dtype="float32"))
        if unanswered:
            self._unanswered = scope[:unanswered]
        if unanswered < len(known):
            of = of[unanswered:]
            starts = numpy.flatnonzero(numpy.append(True, of[1:] != of[:-1]))
            self._placed = Groups(numpy, place[unanswered:], starts)
            self._scoped = Groups(numpy, scope[unanswered:], starts, many=len(known) + 1)
            self._of = of[starts]
            self._group_of = numpy.full(clauses, -1)
            self._group_of[self._of] = numpy.arange(len(starts))

    @property
    def is_rough(self) -> bool:
        """Whether there are so many clauses that `placed` is approximate."""
        return self._placed is not None and self._placed.is_rough

    def placed(self, vector: Vectors) -> Vectors:
        """Return by row the cosine of a vector moved by `place` with the nearest known question of each clause.

        A clause without known questions gets the smallest value of all others.
        """
        by_row = self._numpy.zeros(self._clauses, dtype="float32")
        if self._placed is not None:
            nearest = self._placed.nearest(vector)
            by_row[:] = nearest.min()
            by_row[self._of] = nearest
        return by_row

    def placed_of(self, clauses: Vectors, vector: Vectors) -> Vectors:
        """Return exact cosines for these clauses only (rows), with a vector moved by `place`. `placed` may be approximate."""
        return self._exactly(self._placed, clauses, vector)

    def scoped_of(self, clauses: Vectors, vector: Vectors) -> Vectors:
        """Return exact cosines for these clauses only (rows), with a vector moved by `scope`."""
        return self._exactly(self._scoped, clauses, vector)

    def unanswered(self, vector: Vectors) -> float:
        """Return the cosine of a vector moved by `scope` with the nearest question that no clause answers; 0 if there is none."""
        return 0.0 if self._unanswered is None else float((self._unanswered @ vector).max())

    def _exactly(self, groups: Groups | None, clauses: Vectors, vector: Vectors) -> Vectors:
        by_clause = self._numpy.zeros(len(clauses), dtype="float32")
        if groups is None:
            return by_clause
        group = self._group_of[clauses]
        asked = group >= 0
        if not asked.all():
            by_clause[:] = groups.nearest(vector).min()
        if asked.any():
            by_clause[asked] = groups.nearest_in(group[asked], vector)
        return by_clause
