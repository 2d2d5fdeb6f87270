"""Asking back where a question fits several things."""

from handlers.framework.answer import Answer
from handlers.framework.taps import tap
from policies.search.decision import Decision


def ask_which(decision: Decision) -> Answer:
    """The choices, each to be tapped or typed."""
    choices = "\n".join(tap(choice) for choice in decision.ask)
    return Answer.of(
        decision.intent, f"您想了解哪一个？点一下，或说得再具体些：\n{choices}", decision.clauses
    )
