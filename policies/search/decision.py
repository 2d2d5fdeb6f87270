"""What the search decides on a message: the contract between the search and those who answer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple


class Intent(StrEnum):
    """What a person asks for. The values are printed by `policybot ask --batch`, so they must stay."""

    CLAUSE = "clause"
    SECTION = "section"
    DEPARTMENT = "department"
    AMOUNT = "amount"
    TRACK = "track"
    SEARCH = "search"
    CONTACT = "contact"
    NONE = "none"
    MULTI = "multi"
    MAYBE = "maybe"


ELSEWHERE = "elsewhere"
"""The stage of a reason: other matters or places are named."""
REACHED = "reached"
"""The stage of a reason: a department is named, and asked is how it is reached."""


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses under one heading (区财政局 / 市财政局)."""

    heading: str
    clauses: tuple[int, ...]


class Reason(NamedTuple):
    """One step that led to a decision; shown by `policybot ask --explain`.

    Attributes:
        said: what was found, or a function that tells it: hardly a decision is explained.
    """

    stage: str
    said: str | Callable[[], str]

    @property
    def what(self) -> str:
        """What was found."""
        return self.said if isinstance(self.said, str) else self.said()


@dataclass(frozen=True, slots=True)
class Decision:
    """The reading of one message.

    Attributes:
        clauses: keys, best first; all of them for section, department, amount and track.
        sure: the first clause answers the question; otherwise the clauses are a short list to pick from. With MAYBE none
            answers for certain, and they are offered as 您是不是想问.
        subject: what was understood, in the library's words (区财政局, 第五部分 …, 最高2000万元); safe to show. With CONTACT:
            "" where a telephone is asked for, and nobody's.
        groups: the clauses under headings, where the message names more than one subject.
        parts: one decision for each need, where the message has several (intent MULTI), or for each thing compared.
        compared: the things that the message compares, as typed; `parts` has a decision for each.
        ask: choices to ask back with, where the message names no subject.
        unsure: words alone left a doubt; the sentence model has not been asked.
        reasons: the steps that led here; not compared.
    """

    intent: Intent
    clauses: tuple[int, ...] = ()
    sure: bool = False
    subject: str = ""
    groups: tuple[Group, ...] = ()
    parts: tuple["Decision", ...] = ()
    compared: tuple[str, ...] = ()
    unsure: bool = field(default=False, compare=False)
    ask: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = field(default=(), compare=False)

    @property
    def asks_how_reached(self) -> bool:
        """Whether a department is named, and asked is its telephone or address."""
        return any(reason.stage == REACHED for reason in self.reasons)

    @property
    def names_elsewhere(self) -> bool:
        """Whether the message names a matter or a place that is none of the library's."""
        return any(reason.stage == ELSEWHERE for reason in self.reasons)

    def because(self, step: Reason) -> "Decision":
        """The same decision with one more step put before its reasons."""
        return replace(self, reasons=(step, *self.reasons))

    def with_clauses(self, clauses: tuple[int, ...]) -> "Decision":
        """The same decision on other clauses, or in another order."""
        return replace(self, clauses=clauses)
