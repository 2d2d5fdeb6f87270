"""Clauses by the sums they state, largest first, each with its own words."""

import math

from handlers.answer import Answer
from handlers.context import Context
from handlers.listing import Listing, show
from handlers.registry import Turn
from policies.decision import Decision, Intent
from policies.models import Amount, AmountKind, Policy


async def answer(decision: Decision, turn: Turn, context: Context) -> Answer:
    """The clauses with the quote of their largest sum; a wish that none meets is said so."""
    index = context.knowledge.index
    if not decision.clauses:
        return Answer.of(Intent.AMOUNT, f"摘编里没有{decision.subject}的条款。")
    heading = f"{decision.subject}的条款，共{len(decision.clauses)}条（金额以条款原文为准）："
    notes = {clause_id: _largest_quote(index.policy(clause_id)) for clause_id in decision.clauses}
    listing = Listing(Intent.AMOUNT, heading, decision.clauses, notes)
    return show(listing, turn.session, index)


def _largest_quote(policy: Policy | None) -> str:
    if policy is None or not policy.amounts:
        return ""
    return max(policy.amounts, key=_size).quote


def _size(amount: Amount) -> float:
    return math.inf if amount.kind is AmountKind.UNCAPPED else amount.highest_cny or 0
