"""Answers a question in free words: the clause that answers it, or a short list to choose from."""

from dataclasses import replace

from handlers.answers import comparison
from handlers.answers.clarifying_question import ask_which
from handlers.answers.clause import FEEDBACK, clause_block
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from handlers.framework.taps import clause_tap
from policies.search.decision import Decision, Intent
from policies.search.finding import SHARE_ASKED, SUM_ASKED
from policies.search.reading.yes_no import asks_yes_or_no, deciding_words

_ALSO_SHOWN = 3
_LISTED_FROM = 4
"""From this number on, clauses that fit about equally well are shown as a list. Fewer stand under the best one."""


def answer(decision: Decision, text: str, edition: Edition) -> Answer:
    """Show the best clause in full with the next best below it, or a list if many clauses fit about equally well."""
    if decision.ask:
        return ask_which(decision)
    if decision.compared:
        return comparison.answer(decision, edition)
    if decision.groups:
        heading = f"依据{decision.subject}的条款，共{len(decision.clauses)}条："
        return show(Listing(Intent.SEARCH, heading, decision.clauses), edition.index)
    if not decision.sure and len(decision.clauses) >= _LISTED_FROM:
        listing = Listing(Intent.SEARCH, "找到这些相近的条款：", decision.clauses, closing=FEEDBACK)
        return show(listing, edition.index)
    best, *others = decision.clauses
    lines = [
        _deciding(best, text, edition),
        clause_block(best, edition),
        _no_sum(best, text, edition),
        _also(others[:_ALSO_SHOWN], decision.sure, edition),
        FEEDBACK,
    ]
    answer = Answer.of(Intent.SEARCH, "\n\n".join(filter(None, lines)), decision.clauses)
    return replace(answer, named=(best, *others[:_ALSO_SHOWN]))


def _deciding(clause_id: int, text: str, edition: Edition) -> str:
    """For a yes-or-no question, quote the sentence of the clause that decides. The person judges."""
    policy = edition.index.policy(clause_id)
    if policy is None or not asks_yes_or_no(text):
        return ""
    words = deciding_words(policy.text, text)
    return f"与您所问相关的原文是：“{words}”。是否符合，请对照原文或询问责任部门。" if words else ""


def _no_sum(key: int, text: str, edition: Edition) -> str:
    """Say that the clause states no sum, if the question asks for one."""
    policy = edition.index.policy(key)
    asked = SUM_ASKED.search(text) or SHARE_ASKED.search(text)
    return "这一条没有写具体金额或比例。" if asked and policy is not None and not policy.amounts else ""


def _also(clause_ids: list[int], sure: bool, edition: Edition) -> str:
    """Return links to the next best clauses; "" if there are none."""
    policies = filter(None, map(edition.index.policy, clause_ids))
    lines = [clause_tap(policy, edition.index.library) for policy in policies]
    return "\n".join(("相关条款：" if sure else "也可能是：", *lines)) if lines else ""
