"""What a word for a clause would change: asks the same questions of the index without and with the word. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from policies.library.models import Policy
from policies.search.decision import Decision, Intent

_CLAUSES_SEEN = 3
"""Clauses of an answer that a person sees without paging."""


@dataclass(frozen=True, slots=True)
class TriedQuestion:
    """A question to try a new word on.

    Attributes:
        times: how often people asked it; 0 for a title or keyword of a clause.
    """

    text: str
    times: int


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A question that would get another answer.

    Attributes:
        worse: a good answer would be lost (see `_is_worse`).
    """

    asked: TriedQuestion
    before: Decision
    after: Decision
    worse: bool


def answer_changes(
    questions: Iterable[TriedQuestion], before: Callable[[str], Decision], after: Callable[[str], Decision]
) -> list[AnswerChange]:
    """Return the questions that would get another answer: worse answers first, then the most asked."""
    found = [_change(asked, before(asked.text), after(asked.text)) for asked in questions]
    changed = [one for one in found if _seen(one.before) != _seen(one.after)]
    return sorted(changed, key=lambda one: (not one.worse, -one.asked.times))


def own_questions(policies: Iterable[Policy]) -> Iterator[TriedQuestion]:
    """Yield each clause's title and keywords, which must lead to the clause."""
    for policy in policies:
        yield TriedQuestion(policy.title, 0)
        yield from (TriedQuestion(word, 0) for word in policy.keywords)


def _change(asked: TriedQuestion, before: Decision, after: Decision) -> AnswerChange:
    return AnswerChange(asked, before, after, _is_worse(before, after))


def _is_worse(before: Decision, after: Decision) -> bool:
    """Whether an answer may be worse than before.

    What was answered must stay answered, with the same best clause, and as surely as before. The rule may call a better
    answer worse; then a second person has to look at it.
    """
    if before.intent is Intent.NONE or not (before.clauses or before.intent is Intent.CONTACT):
        return False
    if after.intent is Intent.NONE or (before.intent is Intent.CONTACT) != (after.intent is Intent.CONTACT):
        return True
    if before.clauses[:1] != after.clauses[:1] or (before.sure and not after.sure):
        return True
    return not set(before.clauses[:_CLAUSES_SEEN]) <= set(
        after.clauses[: max(_CLAUSES_SEEN, len(before.clauses))]
    )


def _seen(decision: Decision) -> tuple[object, ...]:
    return (decision.intent, decision.sure, decision.clauses[:_CLAUSES_SEEN])
