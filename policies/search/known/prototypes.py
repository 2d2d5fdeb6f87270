"""Prototypes: questions whose answer a person confirmed. A question that is worded alike has most likely the same answer.

Likeness is the cosine of two texts over their pairs of characters, rare pairs weighing more. No model is needed for it.
"""

from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt
from operator import itemgetter
from typing import NamedTuple

from policies.search.words.normalise import character_pairs

_LEAST_LIKENESS = 0.3
"""Texts less alike than this say nothing about each other."""
_TOO_LITTLE = 0.999 * _LEAST_LIKENESS**2
"""Share of a text's weight from which a prototype that shares no more can't be as alike as `_LEAST_LIKENESS`."""
_MOST_READ = 600
"""Postings read for one question, those of its rarest pairs first."""


@dataclass(frozen=True, slots=True)
class Prototype:
    """A question and the clause that answers it; None if no clause does."""

    text: str
    clause: int | None


class Alike(NamedTuple):
    """What the prototypes say to a question.

    Attributes:
        clauses: for each clause, the likeness (0–1) of its prototype that is most alike.
        exact: a prototype has the very words of the question.
        declined: the likeness of the prototype that is most alike among those that no clause answers.
    """

    clauses: Mapping[int, float]
    declined: float = 0.0
    exact: bool = False

    def without(self, clauses: Collection[int]) -> "Alike":
        """Return the result as if some clauses had no prototypes."""
        kept = {clause: likeness for clause, likeness in self.clauses.items() if clause not in clauses}
        return Alike(kept, self.declined, self.exact)


NOTHING_ALIKE = Alike({})


class Prototypes:
    """All prototypes of a library, by their pairs of characters."""

    def __init__(self, known: Iterable[Prototype]) -> None:
        """Args:
        known: each with its text as the search reads it: normalised, without words of speech, compact.
        """
        self._known = [one for one in known if len(one.text) > 1]
        self._exact: dict[str, int | None] = {one.text: one.clause for one in self._known}
        postings: dict[str, array[int]] = {}
        for row, one in enumerate(self._known):
            for pair in character_pairs(one.text):
                postings.setdefault(pair, array("I")).append(row)
        self._size = len(self._known)
        self._unseen = log(self._size + 1.0) ** 2
        self._held: dict[str, tuple[int, float, array[int]]] = {
            pair: (len(rows), log((self._size + 1.0) / len(rows)) ** 2, rows)
            for pair, rows in postings.items()
        }
        """By pair: how many prototypes hold it, its weight, and their rows."""
        self._lengths = array("f", (self._length(character_pairs(one.text)) for one in self._known))

    def __len__(self) -> int:
        return self._size

    def alike(self, plain: str) -> Alike:
        """Return the result of the prototypes that are worded like a compact text."""
        if not self._size or len(plain) < 2:
            return NOTHING_ALIKE
        if plain in self._exact:
            clause = self._exact[plain]
            return Alike({}, 1.0, exact=True) if clause is None else Alike({clause: 1.0}, exact=True)
        pairs = character_pairs(plain)
        lists = sorted([held for pair in pairs if (held := self._held.get(pair))], key=_RAREST_FIRST)
        left = sum([weight for _, weight, _ in lists])
        length = sqrt(left + self._unseen * (len(pairs) - len(lists)))
        shared: dict[int, float] = {}
        read = 0
        for count, weight, rows in lists:
            read += count
            if read > _MOST_READ:
                break
            # A prototype is at least as long as what it shares, so one that begins to share now can't become alike any more.
            is_late = left < _TOO_LITTLE * length * length
            for row in shared.keys() & rows if is_late else rows:
                shared[row] = shared.get(row, 0.0) + weight
            left -= weight
        clauses: dict[int, float] = {}
        declined = 0.0
        for row, weight in shared.items():
            likeness = weight / (length * self._lengths[row])
            if likeness < _LEAST_LIKENESS:
                continue
            clause = self._known[row].clause
            if clause is None:
                declined = max(declined, likeness)
            else:
                clauses[clause] = max(clauses.get(clause, 0.0), likeness)
        return Alike(clauses, declined)

    def _length(self, pairs: Iterable[str]) -> float:
        return sqrt(sum([self._held[pair][1] for pair in pairs])) or 1.0


_RAREST_FIRST = itemgetter(0)
