"""Tells how an office is reached: the query office, the office of a named subject, or none that is known. Pure."""

import re
from collections.abc import Sequence

from handlers.clause_facts.facts import Fact
from handlers.conversation.follow_ups.subject import told_with
from handlers.conversation.reading.follow_up import FollowUp
from handlers.conversation.screen.answering import (
    not_known,
    of,
    subject_of,
)
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.registry import Turn
from policies.search.decision import Decision, Intent
from policies.search.index import PolicyIndex
from policies.search.words.normalise import compact
from policies.search.words.text_terms import holds_noun

REACHED = frozenset({Fact.PHONE, Fact.PLACE, Fact.HOURS})
"""How an office is reached."""


def is_query_office(named: str, edition: Edition) -> bool:
    """Whether the office named is the query office itself, whose telephone the document prints."""
    contact = edition.index.contact
    return contact is not None and contact.is_named(compact(named))


_LONGEST_OFFICE = 12
"""A longer message tells a situation in which a telephone occurs, but asks for no number."""
_CALLS = re.compile(r"[打接回](?:过|来|了|个|一个|客户|顾客|客人|用户){0,3}电话")
"""Somebody calls or is called (统计局的人打电话来说…)."""
_OFFICE = re.compile(
    r"(?:局|委|办|部|厅|处|科|所|院|会|中心|公司|银行|大厅|站|署|队|政府|街道|镇|园|领导|负责人|人员|主任|.长|老师|集团)$"
)
"""How the name of an office, or of a person in it, ends. No other word (不过, 查询) is taken for one."""
_AN_OFFICE = re.compile(r"(?![你您他我这那哪主负])[\u4e00-\u9fff]{0,8}(?:(?<=.)[局委厅]|管委会|委员会|街道)")
"""The name of an office, which is another one than that of the clause on the screen."""


def of_subject(said: FollowUp, facts: Sequence[Fact], turn: Turn, edition: Edition) -> Answer | None:
    """Tell the facts of the subject that the message names, or say that it names an office that nobody knows here.

    Return None if each fact has a subject of its own (技改电话多少，海水淡化补多少), or if no subject is sure.
    """
    index, text = edition.index, turn.inbound.text
    decision = index.decide(said.rest)
    if len(said.facts) > 1 and index.decide(text).intent is Intent.MULTI:
        return None
    if subject := subject_of(decision):
        told = of((subject,), told_with(facts, said.facts), edition, decision)
        return told.resting_on(text, decision) if told is not None else None
    return _no_such_office(said, decision, turn, index) if REACHED.intersection(facts) else None


def _no_such_office(said: FollowUp, decision: Decision, turn: Turn, index: PolicyIndex) -> Answer | None:
    """Say that the library does not know how to reach an office that no clause names. Return None if no office is named."""
    named = said.rest
    is_foreign = named.isascii()  # left over of words in another language
    if is_foreign or len(named) > _LONGEST_OFFICE or _CALLS.search(turn.text):
        return None
    if _AN_OFFICE.fullmatch(named) and decision.intent in {Intent.NONE, Intent.MAYBE}:
        return not_known(named, said.facts)
    is_named = decision.intent is Intent.NONE and (_OFFICE.search(named) or holds_noun(named))
    if not is_named or (turn.session.clause and not index.names_a_subject(named)):
        return None
    return not_known(named, said.facts).resting_on(turn.inbound.text, decision)
