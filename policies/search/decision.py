"""The search's decision on a message. This is the contract between the search and the answers."""

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
"""The stage of a reason: the message names other subjects or places."""
REACHED = "reached"
"""The stage of a reason: the message names a department and asks how to reach it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses under one heading (区财政局 / 市财政局)."""

    heading: str
    clauses: tuple[int, ...]


class Reason(NamedTuple):
    """One step that led to a decision; shown by `policybot ask --explain`.

    Attributes:
        said: what was found, or a function that returns it, because few decisions are explained.
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
        sure: the first clause answers the question; otherwise the clauses are a short list to choose from. With MAYBE no
            clause surely answers, and they are offered as 您是不是想问.
        subject: what was understood, in the library's words (区财政局, 第五部分 …, 最高2000万元); safe to show. With CONTACT:
            "" if the message asks for a telephone without naming an office.
        groups: the clauses under headings, if the message names more than one subject.
        parts: one decision for each need, if the message has several (intent MULTI), or for each thing compared.
        compared: the things that the message compares, as typed; `parts` has a decision for each.
        ask: choices to ask back with, if the message names no subject.
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
        """Whether the message names a department and asks for its telephone or address."""
        return any(reason.stage == REACHED for reason in self.reasons)

    @property
    def names_elsewhere(self) -> bool:
        """Whether the message names a subject or a place outside the library."""
        return any(reason.stage == ELSEWHERE for reason in self.reasons)

    def because(self, step: Reason) -> "Decision":
        """Return a copy with one more step before its reasons."""
        return replace(self, reasons=(step, *self.reasons))

    def with_clauses(self, clauses: tuple[int, ...]) -> "Decision":
        """Return a copy with other clauses, or with the clauses in another order."""
        return replace(self, clauses=clauses)
