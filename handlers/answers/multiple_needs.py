"""A message with several needs (首台套怎么补，还有人才公寓), each answered on its own."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from handlers.answers import comparison
from handlers.answers.clause import FEEDBACK, clause_block
from handlers.answers.contact import office_text
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import clause_tap
from policies.search.decision import Decision, Intent
from wechat.texts import escape_typed

_LISTED = 5


def answer(decision: Decision, _text: str, edition: Edition) -> Answer:
    """One paragraph for each need, in the order of the message."""
    if decision.compared:
        return comparison.answer(decision, edition)
    blocks = [_block(part, edition) for part in decision.parts]
    clause_ids = decision.clauses or dict.fromkeys(chain.from_iterable(p.clauses for p in decision.parts))
    answer = Answer.of(Intent.MULTI, "\n\n".join((*filter(None, blocks), FEEDBACK)), clause_ids)
    return replace(answer, named=tuple(_first_of_each(decision)), about=0)


def _first_of_each(decision: Decision) -> Iterable[int]:
    return dict.fromkeys(part.clauses[0] for part in decision.parts if part.clauses)


def _block(part: Decision, edition: Edition) -> str:
    if part.intent is Intent.CONTACT:
        return office_text(edition.index)
    if not part.clauses:
        return f"关于“{escape_typed(part.subject)}”，政策里没有找到对应条款。" if part.subject else ""
    if part.sure or len(part.clauses) == 1:
        return clause_block(part.clauses[0], edition)
    policies = filter(None, map(edition.index.policy, part.clauses[:_LISTED]))
    lines = [clause_tap(policy, edition.index.library) for policy in policies]
    heading = f"关于“{escape_typed(part.subject)}”：" if part.subject else "相近的条款："
    return "\n".join((heading, *lines))
