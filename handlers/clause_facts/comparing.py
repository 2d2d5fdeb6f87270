"""Shows what two clauses, or the clauses of a list, state side by side. It never says which one is better. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.clause_facts.passages import stated
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import clause_tap
from policies.library.library import Library
from policies.library.models import Policy

COMPARE = "compare"
_MOST = 4


def compare(keys: Sequence[int], edition: Edition) -> Answer | None:
    """Show what the clauses state, each under its name. Of more than four, show those with the largest sums.

    Return None for fewer than two clauses.
    """
    policies = [policy for key in dict.fromkeys(keys) if (policy := edition.index.policy(key)) is not None]
    if len(policies) < 2:
        return None
    heading = f"{edition.index.library.names(policies)}放在一起看："
    if len(policies) > _MOST:
        policies = sorted(policies, key=lambda policy: -_highest(policy))[:_MOST]
        heading = "其中写明金额最高的几条："
    blocks = [_block(policy, edition.index.library) for policy in policies]
    answer = Answer.of(COMPARE, "\n\n".join((heading, *blocks)), [policy.key for policy in policies])
    return replace(answer, about=0)


def _block(policy: Policy, library: Library) -> str:
    quotes = stated(policy) or ("条文没有写具体金额。",)
    return "\n".join((clause_tap(policy, library), *(f"· {quote}" for quote in quotes)))


def _highest(policy: Policy) -> int:
    return max((amount.highest_cny or 0 for amount in policy.amounts), default=0)
