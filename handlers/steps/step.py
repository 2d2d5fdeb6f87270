"""What a step of the order is, and a part: steps that are tried under one condition."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from handlers.framework.answer import Answer
from handlers.steps.walk import Walk

_Answers = Callable[[Walk], Awaitable[Answer | None]]
_Reads = Callable[[Walk], Awaitable[None]]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step. It answers a message, or returns None for the steps after it. It calls no step before it.

    Attributes:
        answer: answers the message.
        name: the name of its function, in words.
        says: what it does, in one sentence: the first one of the function's docstring.
        reads_only: it answers nothing. It leaves something in the walk that later steps need.
        yields: a doubtful answer of it that names no clause is kept (`Walk.kept`), until it is known whether an act is
            meant. The rest of its part is passed over.
        ends_misses: after its answer, no question counts as missed (`Session.missed`).
    """

    answer: _Answers
    name: str
    says: str
    reads_only: bool = False
    yields: bool = False
    ends_misses: bool = False


def step(*, yields: bool = False, ends_misses: bool = False) -> Callable[[_Answers], Step]:
    """Make a function a step that may answer."""
    return lambda answers: Step(answers, *_told_of(answers), yields=yields, ends_misses=ends_misses)


def reads(function: _Reads) -> Step:
    """Make a function a step that only reads something for the steps after it."""
    return Step(function, *_told_of(function), reads_only=True)


def _told_of(function: Callable[..., object]) -> tuple[str, str]:
    told = " ".join((function.__doc__ or "").split())
    return function.__name__.replace("_", " "), f"{told.partition('. ')[0].removesuffix('.')}."


class When(NamedTuple):
    """When a part is tried.

    Attributes:
        words: the condition in words, after "if".
        holds: whether it holds. It looks only at what is already known of the message.
    """

    words: str
    holds: Callable[[Walk], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Steps that are tried one after another.

    Attributes:
        name: what its steps are about.
        when: the condition under which it is tried.
        steps: in their order.
        once: it stands more than once in the order, and is tried once a message.
        noted: its answers are shown to an operator who takes over later.
    """

    name: str
    when: When
    steps: tuple[Step, ...]
    once: bool = False
    noted: bool = True
