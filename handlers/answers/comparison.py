"""Compares two things (概念验证和中试哪个给得多): the figures of both, side by side, in the clauses' own words."""

from collections.abc import Sequence

from handlers.answers.clause import FEEDBACK, clause_block
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import clause_tap
from policies.library.amounts.amount_words import quotes_of
from policies.library.models import Amount, Policy
from policies.search.decision import Decision
from policies.search.words.normalise import compact
from wechat.texts import escape_typed

_MOST_QUOTED = 3


def answer(decision: Decision, edition: Edition) -> Answer:
    """Write one line for each thing with what its clause states. If one clause has both, show that clause too."""
    library, meant = edition.index.library, list[tuple[str, Policy]]()
    for thing, part in zip(decision.compared, decision.parts, strict=True):
        if (policy := _stating(thing, part.clauses, edition)) is not None:
            meant.append((thing, policy))
    table = "\n".join(
        f"{escape_typed(thing)}：{figures_of(policy, thing)}（{library.name(policy)}）"
        for thing, policy in meant
    )
    first, *others = dict.fromkeys(policy.key for _, policy in meant)
    below = _titles((first, *others), edition) if others else clause_block(first, edition)
    said = "\n\n".join((f"两项的原文这样写：\n{table}", below, FEEDBACK))
    return Answer.of(decision.intent, said, (first, *others))


def _stating(thing: str, clauses: Sequence[int], edition: Edition) -> Policy | None:
    """Return the clause for a thing. If it states no sum, return the next one that states a sum for the thing by name."""
    found = [policy for key in clauses if (policy := edition.index.policy(key)) is not None]
    if not found or found[0].amounts:
        return found[0] if found else None
    named = (policy for policy in found if any(thing in compact(one.quote) for one in policy.amounts))
    return next(named, found[0])


def figures_of(policy: Policy, thing: str) -> str:
    """Return the passages of a clause that state sums for a thing; all its sums if no passage names the thing."""
    shared = {amount: _shared(amount, thing) for amount in policy.amounts}
    most = max(shared.values(), default=0)
    fitting = [amount for amount, pairs in shared.items() if pairs == most]
    quotes = quotes_of(policy, fitting)
    return "；".join(f"“{quote}”" for quote in quotes[:_MOST_QUOTED]) or "没有写明金额"


def _shared(amount: Amount, thing: str) -> int:
    said = f"{amount.who} {amount.what}"
    return sum(1 for at in range(len(thing) - 1) if thing[at : at + 2] in said)


def _titles(clauses: tuple[int, ...], edition: Edition) -> str:
    policies = filter(None, map(edition.index.policy, clauses))
    return "\n".join(clause_tap(policy, edition.index.library) for policy in policies)
