"""A question back to the person, when their words fit several things."""

from handlers.framework.answer import Answer
from handlers.framework.taps import tap
from policies.search.decision import Decision


def ask_which(decision: Decision) -> Answer:
    """The choices, each as a link to tap."""
    choices = "\n".join(tap(choice) for choice in decision.ask)
    return Answer.of(
        decision.intent, f"您想了解哪一个？点一下，或说得再具体些：\n{choices}", decision.clauses
    )
