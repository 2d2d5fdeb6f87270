"""Replaces the search's answer: asks which policy is meant, or says that the clause in focus does not tell. Pure."""

import re
from dataclasses import replace

from handlers.answers.contact import WHOSE, query_office
from handlers.clause_facts.calculation import per_cents_named, sums_named
from handlers.clause_facts.facts import Fact
from handlers.clause_facts.offices import office_answer
from handlers.clause_facts.other_places import is_level
from handlers.clause_facts.passages import passages
from handlers.conversation.follow_ups.offices import REACHED, is_query_office
from handlers.conversation.reading.follow_up import FollowUp
from handlers.conversation.screen.answering import (
    FOLLOW_UP,
    of_focus,
    subject_of,
    unsaid,
    which_policy,
)
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.phrases import asks_outright
from handlers.framework.registry import Turn
from handlers.framework.session import Session
from handlers.framework.taps import tap
from policies.search.decision import Intent
from policies.search.words.normalise import compact
from policies.search.words.text_terms import holds_noun

_LONGEST_UNSAID = 20
_LATELY = 3
_LONGEST_REGISTRATION = 40
_PARTS = re.compile(r"[，,。；;！!？?\s]+")
_REGISTERED = re.compile(
    r"(?:但|可|那|如果|要是|我们?|公司|企业|现在|还|就){0,4}(?:的)?"
    r"(?:注册地址?|注册|营业执照|执照|税务登记|纳税地?)(?:还|都|也|是|并)?"
    r"(?:不在|没在|没有在|在|不是).{1,10}?(?:的)?(?:话)?(?:也|还)?"
    r"(?:可以|能|行|算|符合|有资格|能申请|能报|可以申请|可以报|有影响|影响){1,2}(?:不能)?"
    r"(?:申请|申报|报|拿|享受)?(?:吗|么|不|嘛|呢)"
)
_NAMES_REGISTRATION = re.compile(r"注册|执照|税务登记|纳税")
"""Nearly no message has one of these words, which `_REGISTERED` needs."""
_MOVED = re.compile(r"搬|迁|过来|来自|外地|刚到")
_TO_THE_BOT = re.compile(r"[你您]")
_ASKS_WHETHER = re.compile(r"([\u4e00-\u9fff])不\1|多[大久长高远]|起$|[没不]$")
_CLAIMS = re.compile(r"听.{0,3}说|不是|应该是|是不是|就是")
_ELLIPTIC = re.compile(
    r"(?:有|要|需要|得|用|必须)?.{2,8}?的?(?:还|也)?(?:能|可以|可)(?:不能)?"
    r"(?:报|申请|申报|拿|享受|领|补)(?:吗|么|不)?|"
    r"(?:要|需要|用|得|必须)(?:不要)?.{2,6}?(?:吗|么|不)|"
    r"(?:要不要|需不需要|用不用|是不是要|必须|非得?要?)(?:有|交|带|提供|准备)?.{2,8}|"
    r".{2,8}(?:要不要|行不行|可不可以|算不算|能不能算|能算|也算)(?:吗|么|不)?|"
    r".{0,4}多(?:大|少|高|长|久|远).{0,6}(?:起步?|才行|才能报|以上|算)"
)
"""有失信记录能报吗, 要公示吗: what is applied for is not said, so it is what was talked about."""
_OF_CONDITIONS = frozenset({Fact.CONDITIONS, Fact.FIT})
"""A noun beside one of these facts says what has conditions."""
_OF_A_CLAUSE = frozenset(
    {
        Fact.AMOUNT,
        Fact.STEPS,
        Fact.MATERIALS,
        Fact.CONDITIONS,
        Fact.ENTRY,
        Fact.OFFICE,
        Fact.BASIS,
        Fact.VALIDITY,
        Fact.PAYOUT,
        Fact.TOGETHER,
        Fact.PAGE,
    }
)
"""Facts that make sense only for one clause. Open windows (时间) need no clause, and an office has a 电话."""


def instead_of(answer: Answer, said: FollowUp | None, turn: Turn, edition: Edition) -> Answer:
    """Return the answer, or what this conversation says instead of it."""
    asked_back = _of_nothing(said, turn, edition) or _of_registration(answer, turn, edition)
    if asked_back is None and answer.intent == WHOSE:
        asked_back = _of_what_is_shown(said, turn, edition)
    return asked_back or answer


def not_told(answer: Answer, said: FollowUp | None, turn: Turn, edition: Edition) -> Answer | None:
    """Say that the shown clause does not contain the asked fact. Return None if the message asks something else."""
    session, text = turn.session, turn.text
    policy = edition.index.policy(session.clause) if session.clause else None
    if policy is None or len(text) > _LONGEST_UNSAID or _TO_THE_BOT.search(text):
        return None
    if not (asks_outright(text) or _ASKS_WHETHER.search(text) or _CLAIMS.search(text)) or (
        said is not None and said.lists
    ):
        return None
    is_open = answer.intent in {Intent.NONE, Intent.AMOUNT} or (
        answer.intent == Intent.SEARCH and not answer.clause_ids
    )
    if answer.clause_ids or not is_open:
        return None
    index = edition.index
    claims_figure = (
        bool(policy.amounts) and _CLAIMS.search(text) and bool(per_cents_named(text) or sums_named(text))
    )
    if claims_figure:
        return unsaid(policy, edition)
    if index.place_named(text) or (index.names_a_subject(text) and not _ELLIPTIC.fullmatch(compact(text))):
        return None
    return unsaid(policy, edition)


def _of_registration(answer: Answer, turn: Turn, edition: Edition) -> Answer | None:
    """Answer whether the company must be registered here, if no policy is named (刚搬来，注册地不在这里可以吗).

    No single clause can answer this for all policies.
    """
    text = turn.inbound.text
    if len(text) > _LONGEST_REGISTRATION or not _NAMES_REGISTRATION.search(text):
        return None
    if answer.intent not in {Intent.SEARCH, Intent.MAYBE, Intent.NONE}:
        return None
    parts = [part for part in _PARTS.split(text) if part]
    asked = [part for part in parts if _REGISTERED.fullmatch(part)]
    if not asked or any(part not in asked and not _MOVED.search(part) for part in parts):
        return None
    policy = edition.index.policy(turn.session.clause) if turn.session.clause else None
    if policy is not None:
        return unsaid(policy, edition)
    here = edition.index.district.texts.district or "本地"
    said = (
        f"是否要求注册在{here}，各条政策写法不一样，不能一概而论。说出想申请的政策名或条号，我把条文写的对象给您看；\n"
        f"也可以点 {tap('我们公司能拿什么')} 逐项对照，或回复 {tap('人工')} 请工作人员帮您问。"
    )
    return replace(Answer.of(FOLLOW_UP, said), asked=False)


def _of_nothing(said: FollowUp | None, turn: Turn, edition: Edition) -> Answer | None:
    """Ask which policy is meant, if the message asks a fact (能拿多少) and nothing is on the screen.

    Return None if the message names a subject or asks no fact.
    """
    if turn.session.clause or turn.session.named:
        return None
    if said is None or said.rest or said.clauses or not said.facts or not _OF_A_CLAUSE.issuperset(said.facts):
        return None
    return None if edition.index.names_a_subject(turn.inbound.text) else which_policy(edition, said.asked)


def _of_what_is_shown(said: FollowUp | None, turn: Turn, edition: Edition) -> Answer | None:
    """Answer a telephone question that names no office from what was shown last (区里电话多少, 发我邮箱).

    Return None if nothing is shown.
    """
    session, facts = turn.session, said.facts if said is not None else ()
    policy = edition.index.policy(session.clause) if session.clause else None
    if policy is not None:
        is_told = REACHED.intersection(facts)
        return of_focus(facts, session, edition) if is_told else unsaid(policy, edition)
    if not session.office:
        return None
    if is_query_office(session.office, edition):
        return query_office(edition.index)
    return office_answer(session.office.split("、"), facts, edition)


def shown_clause(said: FollowUp, session: Session, edition: Edition) -> int | None:
    """Find the clause on the screen whose fact is asked, though other words stand beside the fact.

    Return None if these words name a subject. Words of speech do not (完了完了 申报网址快给我). If several clauses
    were shown lately, the words may choose one of them (说回入库的那种).
    """
    index = edition.index
    focus = index.policy(session.clause) if session.clause else None
    if focus is None or not said.facts or is_level(said.rest) or passages(focus, said.rest):
        return None
    lately = [key for key in dict.fromkeys((session.before, *session.named)) if key and key != focus.key]
    held = [
        key
        for key in lately[:_LATELY]
        if (other := index.policy(key)) is not None and passages(other, said.rest)
    ]
    if len(held) == 1:
        return held[0]
    of_conditions = not _OF_CONDITIONS.isdisjoint(said.facts) and holds_noun(
        said.rest
    )  # 员工落户有条件限制么
    is_subject = of_conditions or index.names_a_subject(said.rest) or subject_of(index.decide(said.rest))
    return None if is_subject else focus.key
