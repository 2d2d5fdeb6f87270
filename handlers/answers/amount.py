"""Lists clauses by the amounts they state, the largest first, each with the passage that states the amount."""

import re

from handlers.answers import out_of_scope
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from handlers.framework.taps import tap
from policies.library.amounts.amount_words import quotes_of
from policies.library.models import Policy
from policies.numbers.typed import with_points_kept
from policies.search.decision import Decision, Intent
from policies.search.reading.sums import Comparison, SumAsked, read_sum, states
from policies.search.words.normalise import compact, normalise


def answer(decision: Decision, text: str, edition: Edition) -> Answer:
    """List the clauses that state such an amount, each with its passage, or say that no clause does."""
    if not edition.index.library.policies:
        return out_of_scope.answer(decision, text, edition)
    if not decision.clauses:
        return Answer.of(Intent.AMOUNT, _none(decision.subject, text))
    asked = _compared(text)
    heading = f"{decision.subject}的条款，共{len(decision.clauses)}条："
    policies = filter(None, map(edition.index.policy, decision.clauses))
    notes = {policy.key: _quotes(policy, asked) for policy in policies}
    return show(Listing(Intent.AMOUNT, heading, decision.clauses, notes), edition.index)


_WHAT_IT_BRINGS = re.compile(r"(?:能|可以|会|得)?(?:补|给|拿|奖|领|贴)(?:到)?(?:多少|几)")
_OTHER_SUM, _OWN_CASE = "100万以上的政策", "我们公司能拿什么"


def _none(subject: str, text: str) -> str:
    """Say that no clause states the sum. If the writer asks what a sum brings (两个亿的项目能补多少), it may be their own sum."""
    if _WHAT_IT_BRINGS.search(text):
        return (
            f"没有{subject}的条款。如果这是您自己要投的钱，点 {tap(_OWN_CASE)}，回答几个问题就能逐条对照；"
            f"也可以换个金额试试，例如 {tap(_OTHER_SUM)}。"
        )
    return f"没有{subject}的条款。可以换个金额试试，例如 {tap(_OTHER_SUM)}。"


def _compared(text: str) -> SumAsked | None:
    """Return the amount to compare with, in yuan. Return None if the question asks for the largest amount."""
    asked = read_sum(compact(with_points_kept(normalise(text, str))))
    return None if asked is None or asked.comparison is Comparison.LARGEST else asked


def _quotes(policy: Policy, asked: SumAsked | None) -> str:
    """Return the passages that state the asked amount. If there are none, return the passage with the largest amount."""
    fitting = [amount for amount in policy.amounts if asked is not None and states(amount, asked)]
    if not fitting:
        fitting = sorted(policy.amounts, key=lambda amount: -(amount.highest_cny or 0))[:1]
    return "；".join(quotes_of(policy, fitting))
