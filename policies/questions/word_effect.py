"""What a word given to a clause would change: the same questions asked of the index without and with it. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from policies.library.models import Policy
from policies.search.decision import Decision, Intent

_SHOWN = 3
"""Clauses of an answer that a person sees without paging."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with how often it was asked; 0 for one that a clause's own words make."""

    text: str
    times: int


@dataclass(frozen=True, slots=True)
class Shift:
    """A question that would be answered otherwise; `worse`: something that was answered well is lost."""

    asked: Asked
    before: Decision
    after: Decision
    worse: bool


def shifts(
    questions: Iterable[Asked], before: Callable[[str], Decision], after: Callable[[str], Decision]
) -> list[Shift]:
    """The questions whose answer differs, the worse ones first, then the most asked."""
    found = [_shift(asked, before(asked.text), after(asked.text)) for asked in questions]
    changed = [one for one in found if _seen(one.before) != _seen(one.after)]
    return sorted(changed, key=lambda one: (not one.worse, -one.asked.times))


def own_questions(policies: Iterable[Policy]) -> Iterator[Asked]:
    """Each clause's title and keywords: people reviewed that these lead to it."""
    for policy in policies:
        yield Asked(policy.title, 0)
        yield from (Asked(word, 0) for word in policy.keywords)


def _shift(asked: Asked, before: Decision, after: Decision) -> Shift:
    return Shift(asked, before, after, _is_worse(before, after))


def _is_worse(before: Decision, after: Decision) -> bool:
    """A careful rule: whatever was answered must stay answered, its best clause first, as surely as before.

    It may call worse what is better; a second person looks at it then, and no harm is done.
    """
    if before.intent is Intent.NONE or not (before.clauses or before.intent is Intent.CONTACT):
        return False
    if after.intent is Intent.NONE or (before.intent is Intent.CONTACT) != (after.intent is Intent.CONTACT):
        return True
    if before.clauses[:1] != after.clauses[:1] or (before.sure and not after.sure):
        return True
    return not set(before.clauses[:_SHOWN]) <= set(after.clauses[: max(_SHOWN, len(before.clauses))])


def _seen(decision: Decision) -> tuple[object, ...]:
    return (decision.intent, decision.sure, decision.clauses[:_SHOWN])
