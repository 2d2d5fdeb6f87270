"""Drafts the benefits that a clause's sums make likely, for an operator to complete. Pure."""

from collections.abc import Collection
from difflib import SequenceMatcher
from typing import Any

from policies.library.models import Amount, AmountKind, Policy
from policies.matching.benefits import Benefit
from policies.matching.facts import Facts

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LEAST_SHARED = 4
"""Characters that the words of a share and a fact's label must have in common."""


def drafted(policy: Policy, facts: Facts, taken: Collection[str] = ()) -> list[Benefit]:
    """Draft a benefit for each sum that gives a rule. The receiver is among the words that people must check.

    Args:
        policy: the clause.
        facts: what a share may be a share of.
        taken: ids of benefits that exist.
    """
    letters = iter(one for one in _LETTERS if f"{policy.key}{one}" not in taken)
    found = []
    for amount in policy.amounts:
        rule = _rule(amount, facts)
        letter = next(letters, "") if rule is not None else ""
        if not letter:
            continue
        who = (amount.who,) if amount.who and amount.who in policy.text else ()
        found.append(
            Benefit.model_validate(
                {
                    "id": f"{policy.key}{letter}",
                    "clause": policy.key,
                    "title": (amount.what or amount.who or policy.title)[:40],
                    "conditions": [],
                    "conditions_text": list(who),
                    "sum": {**(rule or {}), "quote": amount.quote},
                    "draft": True,
                }
            )
        )
    return found


def _rule(amount: Amount, facts: Facts) -> dict[str, Any] | None:
    """Return the rule of an amount by itself. For a share of something unknown, or a sum for each unit, only the cap is sure."""
    base = _fact_of(amount, facts)
    match amount.kind:
        case AmountKind.FIXED if amount.value_cny:
            return {"kind": "fixed", "cny": amount.value_cny}
        case AmountKind.POOL if amount.highest_cny:
            return {"kind": "pool", "cny": amount.highest_cny}
        case AmountKind.RANGE if amount.min_cny and amount.max_cny:
            return {"kind": "range", "least_cny": amount.min_cny, "most_cny": amount.max_cny}
        case AmountKind.RATE if base and amount.rate:
            capped = {"cap_cny": amount.cap_cny} if amount.cap_cny and "每" not in amount.cap_per else {}
            return {"kind": "share", "rate": str(amount.rate), "of": [base], **capped}
        case AmountKind.MAX | AmountKind.RATE | AmountKind.PER_UNIT if amount.max_cny or amount.cap_cny:
            return {"kind": "max", "cny": amount.max_cny or amount.cap_cny}
    return None


def _fact_of(amount: Amount, facts: Facts) -> str:
    """Return the sum fact whose label shares most with the words of a share; "" if they share too little, or several do."""
    alike = {fact.id: _shared(amount.of, fact.label) for fact in facts.all if fact.type == "yuan"}
    most = max(alike.values(), default=0)
    best = [fact for fact, length in alike.items() if length == most]
    return best[0] if most >= _LEAST_SHARED and len(best) == 1 else ""


def _shared(one: str, other: str) -> int:
    """Return the length of the longest part that two texts have in common."""
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
