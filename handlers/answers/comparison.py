"""Two things compared (概念验证和中试哪个给得多): the figures of both side by side, in the clauses' own words."""

from handlers.answers.clause import FEEDBACK, clause_block
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import clause_tap
from policies.library.amounts import quotes_of
from policies.library.models import Amount, Policy
from policies.search.decision import Decision
from wechat.texts import escape_typed

_MOST_QUOTED = 3


def answer(decision: Decision, edition: Edition) -> Answer:
    """A line for each thing with what its clause states; then the clause, where one clause has both."""
    library, lines = edition.index.library, []
    for thing, part in zip(decision.compared, decision.parts, strict=True):
        policy = edition.index.policy(part.clauses[0])
        if policy is not None:
            lines.append(f"{escape_typed(thing)}：{figures_of(policy, thing)}（{library.name(policy)}）")
    table = "\n".join(lines)
    first, *others = dict.fromkeys(part.clauses[0] for part in decision.parts)
    below = _titles((first, *others), edition) if others else clause_block(first, edition)
    said = "\n\n".join((f"两项的原文这样写：\n{table}", below, FEEDBACK))
    return Answer.of(decision.intent, said, decision.clauses)


def figures_of(policy: Policy, thing: str) -> str:
    """The passages of a clause that state sums for a thing; all its sums where none names the thing."""
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
