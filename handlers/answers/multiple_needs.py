"""Answers each of several needs in one message (首台套怎么补，还有人才公寓)."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from handlers.answers import comparison
from handlers.answers.clause import FEEDBACK, clause_block
from handlers.answers.contact import in_part
from handlers.application_windows.window_lines import window_lines
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import clause_tap
from policies.library.amounts.amount_words import quotes_of
from policies.search.decision import Decision, Intent
from wechat.texts import escape_typed, fits

_LISTED = 5


def answer(decision: Decision, _text: str, edition: Edition) -> Answer:
    """Write one paragraph for each need, in the order of the message."""
    if decision.compared:
        return comparison.answer(decision, edition)
    blocks = [_block(part, edition) for part in decision.parts]
    if not fits("\n\n".join((*blocks, FEEDBACK))):
        blocks = [_block(part, edition, brief=True) for part in decision.parts]
    clause_ids = decision.clauses or dict.fromkeys(chain.from_iterable(p.clauses for p in decision.parts))
    answer = Answer.of(Intent.MULTI, "\n\n".join((*filter(None, blocks), FEEDBACK)), clause_ids)
    return replace(answer, named=tuple(_first_of_each(decision)), about=0)


def _first_of_each(decision: Decision) -> Iterable[int]:
    return dict.fromkeys(part.clauses[0] for part in decision.parts if part.clauses)


def in_brief(key: int, edition: Edition) -> str:
    """Show only the sums of a clause. It is used if all needs in full do not fit into one message."""
    policy = edition.index.policy(key)
    if policy is None:
        return ""
    lines = [clause_tap(policy, edition.index.library)]
    lines += [f"· {quote}" for quote in quotes_of(policy)] or [policy.text]
    lines += [f"部门：{'、'.join(policy.departments)}"] if policy.departments else []
    return "\n".join((*lines, *window_lines(key, edition)))


def _block(part: Decision, edition: Edition, *, brief: bool = False) -> str:
    if part.intent is Intent.CONTACT:
        return in_part(part, edition.index)
    if not part.clauses:
        return f"关于“{escape_typed(part.subject)}”，政策里没有找到对应条款。" if part.subject else ""
    if part.sure or len(part.clauses) == 1:
        return in_brief(part.clauses[0], edition) if brief else clause_block(part.clauses[0], edition)
    policies = filter(None, map(edition.index.policy, part.clauses[:_LISTED]))
    lines = [clause_tap(policy, edition.index.library) for policy in policies]
    heading = f"关于“{escape_typed(part.subject)}”：" if part.subject else "相近的条款："
    return "\n".join((heading, *lines))
