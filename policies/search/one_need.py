"""Decides on one need: which clauses answer it, which are only offered, or what to ask back."""

from collections.abc import Sequence

from policies.search.decision import Decision, Intent
from policies.search.finding import SHARE_ASKED, SUM_ASKED, Hits

_CLAUSES_SHOWN = 8
_OFFERED = 3
"""How many clauses are offered if no clause surely answers."""
_LISTED_SHARE = 0.5
"""A clause is listed if it scores this share of the best clause; a greater share if the question asks for one sum."""
_LISTED_SHARE_FOR_A_SUM = 0.85
_SURE = 1.2
"""The first clause alone answers if its score is this many times the second one's."""


def decision_on(found: Hits, topics: Sequence[str]) -> Decision:
    """Decide on one need.

    Args:
        found: what was found for it, and judged.
        topics: choices to ask back with, if it names no subject; () asks nothing back.
    """
    question, explained = found.question, found.explained
    reasons = found.reasons()
    if not found.in_scope:
        elsewhere = (question.places or question.foreign) and not question.arriving
        says_nothing = not (question.unknown or question.elsewhere or question.tokens or elsewhere)
        if topics and (question.frame or question.asking) and says_nothing:
            return Decision(Intent.SEARCH, ask=tuple(topics), reasons=reasons)
        if found.is_near:
            offered = tuple(key for key, _ in found.clauses[:_OFFERED])
            return Decision(Intent.MAYBE, offered, subject=question.text, reasons=reasons)
        return Decision(Intent.NONE, subject=question.text, reasons=reasons)
    best = found.clauses[0][1]
    carrying = len(found.exact_matches)
    asked = SUM_ASKED.search(question.text) or SHARE_ASKED.search(question.text)
    exact = not carrying and asked is not None
    kept = (_LISTED_SHARE_FOR_A_SUM if exact else _LISTED_SHARE) * best
    after = found.clauses[carrying : max(_CLAUSES_SHOWN, carrying)]
    clauses = (
        *(key for key, _ in found.clauses[:carrying]),
        *(key for key, score in after if score >= kept),
    )
    second = found.clauses[1][1] if len(clauses) > 1 else 0.0
    sure = carrying <= 1 and best >= _SURE * second
    subject = "、".join(dict.fromkeys(explained.why)) if explained else ""
    return Decision(Intent.SEARCH, clauses, sure=sure, subject=subject, reasons=reasons)
