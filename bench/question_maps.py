"""Fit the maps that move a question's vector to its clause (`policies/search/vectors/question_maps.py`).

Run: .venv/bin/python -m bench.question_maps [--write]

`bench/training` holds documents of invented districts and questions on them, and questions on the document that comes with the
program (`xihaian.jsonl`). Most tell a situation in everyday words; each document also has questions that none of its clauses
answers. `place` learns to rank: of all clauses of its document, a question's own must be nearest. `scope` learns beside that a
level of the cosine, which the right clause exceeds and no clause does where none answers.

The questions of `tests/data` are for judging and for the weights of `bench.scope`; the maps learn from none of them. Each step
takes a random part of every document's questions, so that the one with the most questions doesn't rule.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from bench.known_sets import (
    OTHERS,
    OWN,
    TOLD,
    TUNED_ON,
    RememberingEncoder,
    Training,
    other_library,
    set_of,
    training,
)
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.questions.evaluating import EvaluationQuestion
from policies.search.meaning import Encoder, passages_of
from policies.search.vectors.question_maps import QUESTION_MAPS_FILE, QuestionMaps

_STEPS, _RATE = 300, 1e-3
_PULL = 0.01
"""How strongly a map is pulled towards changing nothing."""
_BATCH = 150
"""Questions of a document in one step."""
_SHARPNESS = {"place": 30.0, "scope": 40.0}
_OWN_COUNTS = 3
"""Documents that the one counts for that comes with the program; each of the others counts for itself."""
_UNANSWERED = 0.5
"""Weight of the questions that no clause answers, beside those that one does."""
_LEAST = 0.85
_SIZE = 384

numpy: Any = import_module("numpy")


@dataclass(frozen=True, slots=True)
class Asked:
    """The vectors of a document and of the questions on it.

    Attributes:
        passages: of all clauses, in their order.
        clause_of: the clause of each passage, by its place.
        starts: where each clause's passages begin.
        answered: of questions that a clause answers.
        right: which clauses answer each of them.
        unanswered: of questions that none answers.
    """

    passages: Any
    clause_of: Any
    starts: Any
    answered: Any
    right: Any
    unanswered: Any

    def part(self, chance: Any) -> "Asked":
        """A random part of the questions."""
        some, others = (
            chance.choice(len(asked), min(_BATCH, len(asked)), replace=False)
            for asked in (self.answered, self.unanswered)
        )
        vectors = self.answered[some], self.right[some], self.unanswered[others]
        return Asked(self.passages, self.clause_of, self.starts, *vectors)


def asked_of(library: Library, questions: Iterable[EvaluationQuestion], encoder: Encoder) -> Asked:
    """Read a document and the questions on it."""
    policies = library.policies
    passages = [(place, text) for place, policy in enumerate(policies) for text in passages_of(policy)]
    place_of = {policy.key: place for place, policy in enumerate(policies)}
    answered, right, unanswered = [], [], []
    for one in questions:
        places = [place_of[key] for key in (*one.expect, *one.accept) if key in place_of]
        if places:
            answered.append(encoder.question(one.q))
            right.append([place in places for place in range(len(policies))])
        elif not one.expect:
            unanswered.append(encoder.question(one.q))
    clause_of = numpy.array([place for place, _ in passages])
    return Asked(
        numpy.array([encoder.passage(text) for _, text in passages]),
        clause_of,
        numpy.searchsorted(clause_of, numpy.arange(len(policies))),
        numpy.array(answered),
        numpy.array(right),
        numpy.array(unanswered).reshape(-1, _SIZE),
    )


def learnt(documents: Iterable[Training], encoder: Encoder) -> QuestionMaps:
    """The maps learnt from some documents."""
    found: list[Asked] = []
    for one in documents:
        asked = asked_of(one.library, one.questions, encoder)
        found += [asked] * (_OWN_COUNTS if one.name == OWN else 1)
    return fitted(found)


def cross_fitted(
    documents: Sequence[Training], encoder: Encoder
) -> Iterator[tuple[QuestionMaps, list[Training]]]:
    """Maps learnt from half of what there is, with the other half, which they never saw."""
    for half in (0, 1):
        seen: list[Training] = []
        unseen: list[Training] = []
        for place, one in enumerate(documents):
            if one.name == OWN:
                parts = one.questions[half::2], one.questions[1 - half :: 2]
                for into, questions in zip((seen, unseen), parts, strict=True):
                    into.append(replace(one, questions=questions))
            else:
                (seen if place % 2 == half else unseen).append(one)
        yield learnt(seen, encoder), unseen


def judging(encoder: Encoder) -> dict[str, Asked]:
    """What judges them, by the name of the set."""
    found = {name: asked_of(load_library(), set_of(name), encoder) for name in (*TUNED_ON, *TOLD)}
    for name in OTHERS:
        found[name] = asked_of(other_library(name), set_of(name), encoder)
    return found


class Fit:
    """Fits one map by gradient descent (Adam).

    Args:
        sharpness: of the softmax over clauses.
        with_scope: learn a level of the cosine too, for questions that no clause answers.
    """

    def __init__(self, sharpness: float, *, with_scope: bool) -> None:
        self._sharpness = sharpness
        self._with_scope = with_scope
        self.matrix = numpy.eye(_SIZE, dtype="float32")
        self.least = _LEAST
        self._moments = [[0.0, 0.0], [0.0, 0.0]]

    def run(self, documents: Sequence[Asked]) -> None:
        """Learn from some documents."""
        chance = numpy.random.default_rng(5)
        for step in range(1, _STEPS + 1):
            slope, level = _PULL * (self.matrix - numpy.eye(_SIZE)), 0.0
            for document in documents:
                more, up = self._slopes(document.part(chance))
                slope, level = slope + more / len(documents), level + up / len(documents)
            self.matrix = (self.matrix - self._moved(0, slope, step)).astype("float32")
            if self._with_scope:
                self.least -= float(self._moved(1, level, step))

    def _moved(self, which: int, slope: Any, step: int) -> Any:
        mean, square = self._moments[which]
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope * slope
        self._moments[which] = [mean, square]
        return _RATE * (mean / (1 - 0.9**step)) / (numpy.sqrt(square / (1 - 0.999**step)) + 1e-8)

    def _slopes(self, document: Asked) -> tuple[Any, float]:
        """The slopes of the loss of one document's questions: of the matrix, and of the level."""

        def wrong(shares: Any) -> Any:
            right = numpy.where(document.right, shares, 0.0)
            return shares - right / (right.sum(1, keepdims=True) + 1e-9)

        slope, rest = self._slope(document, document.answered, wrong)
        level = self._sharpness * float(rest.mean())
        if not self._with_scope or not len(document.unanswered):
            return slope, level
        more, rest = self._slope(document, document.unanswered, lambda shares: shares)
        level += _UNANSWERED * self._sharpness * float((rest - 1).mean())
        return slope + _UNANSWERED * more, level

    def _slope(self, document: Asked, questions: Any, wrong: Callable[[Any], Any]) -> tuple[Any, Any]:
        """The slope of the matrix, and for each question the chance that no clause answers it.

        Args:
            document: its passages.
            questions: some of its questions.
            wrong: of the chances of all clauses, by how much each is too high.
        """
        unit, length = moved_by(self.matrix, questions)
        cosines = unit @ document.passages.T
        of_clauses = numpy.maximum.reduceat(cosines, document.starts, axis=1)
        shares, rest = self._shares(of_clauses)
        nearest_one = cosines == of_clauses[:, document.clause_of]
        by_passage = numpy.where(nearest_one, wrong(shares)[:, document.clause_of], 0.0).astype("float32")
        pulled = self._sharpness * by_passage @ document.passages
        pulled = (pulled - unit * (pulled * unit).sum(1, keepdims=True)) / length
        return questions.T @ pulled / len(questions), rest

    def _shares(self, cosines: Any) -> tuple[Any, Any]:
        """The chance of each clause for each question, and of none of them."""
        none = numpy.full((len(cosines), 1), self.least if self._with_scope else -numpy.inf)
        odds = self._sharpness * numpy.concatenate([cosines, none], 1)
        chances = numpy.exp(odds - odds.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        return chances[:, :-1], chances[:, -1]


def moved_by(matrix: Any, questions: Any) -> tuple[Any, Any]:
    """The questions' vectors moved by a map, each of length 1, and their lengths before."""
    moved = questions @ matrix
    length = numpy.linalg.norm(moved, axis=1, keepdims=True)
    return moved / length, length


def nearest(matrix: Any, document: Asked, questions: Any) -> Any:
    """The cosine of each question, moved, and the nearest passage of each clause."""
    unit, _ = moved_by(matrix, questions)
    return numpy.maximum.reduceat(unit @ document.passages.T, document.starts, axis=1)


def fitted(documents: Sequence[Asked]) -> QuestionMaps:
    """The maps learnt from some documents."""
    place = Fit(_SHARPNESS["place"], with_scope=False)
    scope = Fit(_SHARPNESS["scope"], with_scope=True)
    for fit in (place, scope):
        fit.run(documents)
    return QuestionMaps(place.matrix, scope.matrix, _SHARPNESS["scope"], scope.least)


def show(name: str, document: Asked, matrices: Mapping[str, Any]) -> None:
    """Of a document's questions, those whose clause is the nearest, and among the three nearest; and how scope parts them."""
    line = f"{name:10s}{len(document.answered):6d}{len(document.unanswered):6d}"
    for how, matrix in matrices.items():
        cosines = nearest(matrix, document, document.answered)
        order = numpy.argsort(-cosines, axis=1)
        place = numpy.take_along_axis(document.right, order, 1).argmax(1)
        line += f"   {how}: first {(place < 1).mean():.3f}, of three {(place < 3).mean():.3f}"
        if len(document.unanswered):
            outside = numpy.sort(nearest(matrix, document, document.unanswered).max(1))
            below = numpy.searchsorted(outside, cosines.max(1)) / len(outside)
            line += f", parted {below.mean():.3f}"
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {QUESTION_MAPS_FILE.name}")
    options = parser.parse_args()
    encoder = RememberingEncoder()
    maps = learnt(training(), encoder)
    matrices = {"as it is": numpy.eye(_SIZE)} | dict(zip(("place", "scope"), maps.matrices, strict=True))
    for name, document in judging(encoder).items():
        show(name, document, matrices)
    if options.write:
        QUESTION_MAPS_FILE.write_text(maps.to_json(), encoding="utf-8")


if __name__ == "__main__":
    main()
