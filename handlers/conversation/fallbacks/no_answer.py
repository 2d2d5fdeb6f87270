"""Decides when an answer is unsure, and what is said without an answer: near clauses, the contents, 人工, or "not understood"."""

import re
from dataclasses import replace

from handlers.answers.courtesies.small_talk import remarked
from handlers.conversation.english import chinese_words
from handlers.conversation.screen.focus import is_list_current
from handlers.conversation.screen.lists import again
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.phrases import asks, squeeze
from handlers.framework.registry import Turn
from handlers.framework.session import Session
from handlers.framework.taps import clause_tap, tap, taps
from policies.library.library import Library
from policies.search.decision import Intent
from policies.search.words.text_terms import holds_noun
from wechat.replies import Text

_OFFERED = 2
_OFFERED_IN_ENGLISH = 3
_LONGEST = 80
_SHORTEST_SENTENCE = 3
"""From this length a message may name no subject. A shorter one is a keyword."""
_SUPPORT = re.compile(r"(?:优惠|扶持|支持|惠企)?(?:政策|补贴|补助|奖补|奖励)")
"""What is asked for. A noun beside it names a subject (有没有厂房补贴)."""
_LONGEST_REMARK = 8
_OF_A_PERSON = re.compile(
    r"(?:找|叫|换|接|让|派|跟|和|请|联系|反映|有没有|有|来|要).{0,5}"
    r"(?:(?<!本)(?<!个)(?<!法)人(?![才员们]|工智能)|个人|客服|领导|同事|负责人|工作人员)"
    r"(?!.{0,4}(?:所得|档案|信息))|"
    r"(?:你们的?人|客服|领导|工作人员).{0,4}(?:联系|唠|聊|来|回|说)"
)
_OF_NAMES = re.compile(
    r"列|清单|名单|名字|题目|标题|名称|报.?个?名|[都是有叫][啥什哪]|全.{0,3}(?:说|念|发|摆)|哪几|这\d{1,2}条"
)
_SAYS_MORE = re.compile(
    r"[\d二三四五六七八九十两]|在|有|是|做|打|报|列|属|别|停|退|取消|订|恢复|打开|开|提醒|通知|推|发|删|绑|改|加|换|查|看|要|想|帮|给我|再|接着|继续"
)
"""Words of a request, a figure or a situation: the message is more than a remark."""

_OF_COMPANIES = re.compile(
    r"(?:企业|公司|单位|员工|职工)(?:(?![很挺还没是有不了在就也都太这那的])[\u4e00-\u9fff]){2,4}"
)
"""A kind of matter of companies (企业年金)."""


def is_unsure(answer: Answer) -> bool:
    """Whether the search found no clause, several about equally good ones, or only clauses that state a sum."""
    is_list = answer.listing is not None and answer.intent == Intent.SEARCH
    return (
        answer.gap
        or is_list
        or answer.intent == Intent.AMOUNT
        or (answer.asked and not answer.clause_ids and answer.intent == Intent.SEARCH)
    )


def decline(answer: Answer, text: str, session: Session, edition: Edition) -> Answer:
    """Answer a question that has no answer. From the second one in a row, say less and offer more."""
    session.missed += 1
    if answer.intent == Intent.MAYBE:  # it offers clauses of its own
        return answer
    focus = edition.index.policy(session.clause) if session.clause else None
    of_focus = f"还想问刚才那条，点 {clause_tap(focus, edition.index.library)}" if focus is not None else ""
    if session.missed < 2:
        return answer.with_line(of_focus)
    near = [policy for key in _near(text, edition) if (policy := edition.index.policy(key)) is not None]
    lines = ["这一句我也没有找到对应的条款。"]
    if near:
        lines += [
            "最接近的是：",
            *(clause_tap(policy, edition.index.library) for policy in near),
        ]
    lines.append(f"换个说法再试，或看 {tap('目录')}；回复 {tap('人工')} 由工作人员回答您。")
    told = Answer.of(Intent.NONE, "\n".join(lines)).with_line(of_focus)
    declined = replace(told, gap=True, named=tuple(policy.key for policy in near), about=0)
    return declined.offering(edition.index.library.typed(policy) for policy in near)


def declined_in_english(answer: Answer, library: Library) -> Answer:
    """Return a declined answer with English words only around the offered clauses."""
    offered = [clause_tap(policy, library) for key in answer.clause_ids if (policy := library.get(key))]
    lines = [
        chinese_words.NO_ANSWER,
        *([chinese_words.NEAREST, *offered[:_OFFERED_IN_ENGLISH]] if offered else ()),
    ]
    return replace(answer, reply=Text("\n".join(lines)))


def not_understood(session: Session, edition: Edition) -> Answer:
    """Answer a message that names no subject. It says nothing of clauses, only what can be asked now."""
    session.missed += 1
    focus = edition.index.policy(session.clause) if session.clause else None
    if focus is None:
        ways = f"想了解哪条政策，直接说名称或条号就行，也可以看 {tap('目录')}；"
    else:
        shown = clause_tap(focus, edition.index.library)
        ways = f"还在看的是 {shown}，可以接着问：{taps('电话', '材料', '什么时候截止', '怎么申请')}；"
    return replace(
        Answer.of(
            Intent.NONE,
            f"这一句我没有看懂。{ways}\n也可以看 {tap('我的订阅')}，需要人帮忙请回复 {tap('人工')}。",
        ),
        asked=False,
    )


def names_no_matter(text: str, answer: Answer, edition: Edition) -> bool:
    """Whether a message names no subject at all. While nothing is published, no subject is known."""
    index = edition.index
    is_declined = answer.gap and answer.intent == Intent.NONE and bool(index.library.policies)
    if not is_declined or len(text) < _SHORTEST_SENTENCE or index.names_a_subject(text):
        return False
    if _OF_COMPANIES.fullmatch(text):
        return False  # 企业年金 is a matter, though none of the library's
    apart = _SUPPORT.split(text)
    return len(apart) == 1 or not any(map(holds_noun, apart))


def by_sign(turn: Turn, edition: Edition) -> Answer | None:
    """Offer what a message without a subject is likely about, judged by one word. It does nothing itself.

    It offers 人工 if the message speaks of a person, and the list on the screen if it speaks of names. A short
    message that asks and requests nothing is a remark.
    """
    session, plain = turn.session, squeeze(turn.text)
    if _OF_A_PERSON.search(plain):
        ways = f"想让工作人员来答，请点 {tap('人工')}，48 小时内在这里回复您；政策可以直接问我。"
        return replace(Answer.of(Intent.NONE, ways), asked=False)
    if not session.clause and is_list_current(session) and _OF_NAMES.search(plain):
        return again(session, edition)
    says_only = 0 < len(plain) <= _LONGEST_REMARK and not (asks(turn.text) or _SAYS_MORE.search(plain))
    return remarked(turn.text, session.clause, edition.index) if says_only else None


def _near(text: str, edition: Edition) -> tuple[int, ...]:
    if len(text) > _LONGEST:  # a second search of a long text would hold the loop
        return ()
    return edition.index.nearest(text, _OFFERED)
