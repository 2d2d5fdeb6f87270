"""Measures the search on questions with known answers: figures for each kind, and every miss."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from policies.search.decision import Decision, Intent
from storage.files.json_text import JsonTextError, parse_json

SET_KINDS = frozenset({"department"})
"""Kinds whose answer is a whole set of clauses; sections and sums are told by their intent."""

Decide = Callable[[str], Decision]


class QuestionFileError(Exception):
    """A file of questions can't be read; the message names the line and what is wrong."""


class EvaluationQuestion(BaseModel):
    """One question with its answer: `expect` best first or equally right, `accept` fine in the top three."""

    model_config = ConfigDict(frozen=True)

    id: str
    q: str
    kind: str
    expect: tuple[int | Literal["contact"], ...]
    accept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GradedDecision:
    """The decision on one question, compared with the known answer."""

    asked: EvaluationQuestion
    decision: Decision
    first_right: bool
    in_top_three: bool
    wrongly_declined: bool
    wrongly_answered: bool

    @property
    def is_miss(self) -> bool:
        return not (self.first_right and self.in_top_three)


@dataclass(slots=True)
class Tally:
    """Outcomes counted."""

    questions: int = 0
    first_right: int = 0
    in_top_three: int = 0
    wrongly_declined: int = 0
    wrongly_answered: int = 0

    def count(self, outcome: GradedDecision) -> None:
        self.questions += 1
        self.first_right += outcome.first_right
        self.in_top_three += outcome.in_top_three
        self.wrongly_declined += outcome.wrongly_declined
        self.wrongly_answered += outcome.wrongly_answered


@dataclass(frozen=True, slots=True)
class Bar:
    """The least good result, as shares (0–1). `wrongly_declined` is the most."""

    first_right: float = 0.97
    in_top_three: float = 0.99
    declined: float = 0.95
    wrongly_declined: float = 0.01


@dataclass(slots=True)
class Evaluation:
    """All outcomes, and their tallies by kind."""

    kinds: dict[str, Tally] = field(default_factory=dict)
    misses: list[GradedDecision] = field(default_factory=list)

    def add(self, outcome: GradedDecision) -> None:
        self.kinds.setdefault(outcome.asked.kind, Tally()).count(outcome)
        if outcome.is_miss:
            self.misses.append(outcome)

    @property
    def in_scope(self) -> Tally:
        return _sum(tally for kind, tally in self.kinds.items() if kind != "oos")

    @property
    def out_of_scope(self) -> Tally:
        return self.kinds.get("oos", Tally())

    def under(self, bar: Bar) -> list[str]:
        """Return in words what does not reach the bar; empty if everything does."""
        inside, outside = self.in_scope, self.out_of_scope
        checks = (
            ("first right", inside.first_right, inside.questions, bar.first_right, True),
            ("in the top three", inside.in_top_three, inside.questions, bar.in_top_three, True),
            ("out of scope declined", outside.first_right, outside.questions, bar.declined, True),
            ("in scope declined", inside.wrongly_declined, inside.questions, bar.wrongly_declined, False),
        )
        return [
            f"{name}: {count / total:.1%}, the bar is {share:.0%}"
            for name, count, total, share, at_least in checks
            if total and (count / total < share if at_least else count / total > share)
        ]


def read_questions(path: Path) -> list[EvaluationQuestion]:
    """Read questions, one JSON object a line.

    Raises:
        QuestionFileError: the file or a line can't be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"读不到 {path}：{error}") from error
    asked = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked.append(EvaluationQuestion.model_validate(parse_json(line)))
        except (JsonTextError, ValidationError) as error:
            raise QuestionFileError(f"{path} 第 {number} 行有误：{error}") from error
    return asked


def evaluate(questions: Iterable[EvaluationQuestion], decide: Decide) -> Evaluation:
    """Ask each question and grade."""
    evaluation = Evaluation()
    for asked in questions:
        evaluation.add(grade(asked, decide(asked.q)))
    return evaluation


def grade(asked: EvaluationQuestion, decision: Decision) -> GradedDecision:
    """Judge one decision.

    A question out of scope is answered right if no clause is shown as the answer (some may be offered); a question
    for the office, if the office is named. A department, a part or a sum of several clauses must bring exactly its
    clauses. Several needs must have all their clauses among the first ones.
    """
    expect: Sequence[int] = [clause for clause in asked.expect if isinstance(clause, int)]
    clauses = decision.clauses
    if asked.kind == "oos":
        right = decision.intent is Intent.MAYBE or (decision.intent is Intent.NONE and not clauses)
        return GradedDecision(
            asked, decision, right, right, wrongly_declined=False, wrongly_answered=not right
        )
    declined = decision.intent is Intent.NONE
    if "contact" in asked.expect:
        right = decision.intent is Intent.CONTACT
        return GradedDecision(
            asked, decision, right, right, declined, wrongly_answered=not right and not declined
        )
    if _is_set(asked, decision):
        right = top = set(clauses) == set(expect)
    elif asked.kind == "multi":
        right = top = set(expect) <= set(clauses[: max(3, len(expect))])
    else:
        right = bool(clauses) and clauses[0] in expect and decision.intent is not Intent.MAYBE
        top = bool({*expect, *asked.accept}.intersection(clauses[:3]))
    return GradedDecision(asked, decision, right, top, declined, wrongly_answered=not right and not declined)


def _is_set(asked: EvaluationQuestion, decision: Decision) -> bool:
    sets = (Intent.SECTION, Intent.DEPARTMENT, Intent.CLAUSE)
    several = len(asked.expect) > 1 and asked.kind in ("amount", "number")
    return asked.kind in SET_KINDS or decision.intent in sets or several


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.questions += tally.questions
        total.first_right += tally.first_right
        total.in_top_three += tally.in_top_three
        total.wrongly_declined += tally.wrongly_declined
        total.wrongly_answered += tally.wrongly_answered
    return total
