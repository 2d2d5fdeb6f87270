"""What the pipeline makes of a question: the contract between retrieval and the conversation."""

from dataclasses import dataclass, field, replace
from enum import StrEnum


class Intent(StrEnum):
    """What a person asks for; the names are part of `policybot ask --batch`."""

    CLAUSE = "clause"
    SECTION = "section"
    DEPARTMENT = "department"
    AMOUNT = "amount"
    TRACK = "track"
    SEARCH = "search"
    CONTACT = "contact"
    NONE = "none"
    MULTI = "multi"


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses under one heading (区海洋发展局 / 市海洋发展局)."""

    heading: str
    clauses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the pipeline decided so; shown by `policybot ask --explain`."""

    stage: str
    what: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The reading of one message.

    Attributes:
        clauses: ids, best first; all of them for section, department, amount and track.
        sure: the first clause answers the question; else the clauses are a short list to pick from.
        subject: what was understood, in the document's words (区财政局, 第五部分 …, 最高2000万元); safe to show.
        groups: the clauses under headings, where the reading has more than one subject.
        parts: one decision a need, where the message has several (intent MULTI).
        ask: an ambiguity to ask back about, as the choices a person may tap.
    """

    intent: Intent
    clauses: tuple[int, ...] = ()
    sure: bool = False
    subject: str = ""
    groups: tuple[Group, ...] = ()
    parts: tuple["Decision", ...] = ()
    ask: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = field(default=(), compare=False)

    def because(self, step: Reason) -> "Decision":
        """The same decision, with the step that came before its reasons."""
        return Decision(
            self.intent,
            self.clauses,
            self.sure,
            self.subject,
            self.groups,
            self.parts,
            self.ask,
            (step, *self.reasons),
        )  # spelt out: `replace` would take a twentieth of an answer's time

    def with_clauses(self, clauses: tuple[int, ...]) -> "Decision":
        """The same decision on other clauses, or in another order."""
        return replace(self, clauses=clauses)
