"""Asks back: the words fit several things, or no clause for certain."""

from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import clause_tap, tap
from policies.search.decision import Decision, Intent

_MOST_OFFERED = 3


def ask_which(decision: Decision) -> Answer:
    """Show the choices, each as a link to tap."""
    choices = "\n".join(tap(choice) for choice in decision.ask)
    said = f"您想了解哪一个？点一下，或说得再具体些：\n{choices}"
    return Answer.of(decision.intent, said, decision.clauses).offering(decision.ask)


def offer_nearest(decision: Decision, _text: str, edition: Edition) -> Answer:
    """Offer up to three titles to tap. None of them is shown as the answer, and operators get to see the question."""
    offered = decision.clauses[:_MOST_OFFERED]
    policies = filter(None, map(edition.index.policy, offered))
    lines = [clause_tap(policy, edition.index.library) for policy in policies]
    said = "\n".join(
        (
            "没有完全对上的条款。您是不是想问：",
            *lines,
            f"都不是的话，可以换个说法，或回复 {tap('人工')}。",
        )
    )
    return replace(Answer.of(Intent.MAYBE, said, offered), gap=True, about=0)
