"""Reads what is asked of the bot while a person is awaited (等的工夫问一句 …, 你先回答我，…). Pure.

The words before the question say whom it is for. What only staff can look up, the writer's own papers and money, is
never read as a question to the bot.
"""

import re

from handlers.framework.phrases import asks, names_clauses, squeeze
from policies.search.decision import Intent
from policies.search.index import PolicyIndex

_LONGEST_WITH_CLAUSE = 30
_SHOWS = (
    r"(?:发|给|看|查|调|念|翻|打开|来|说|讲|再)(?:一?下|一遍|一次|看|查|出来|我们?|给我|看看|来|过来|吧){0,3}"
)
_A_CLAUSE = re.compile(
    rf"(?:等|趁|等着|这|的|那){{0,4}}(?:工夫|功夫|时候|时间|空档|会儿)?(?:你|您|麻烦|顺便|顺带|先|再|就|帮我|给我|把|请|那|{_SHOWS}){{0,6}}"
    rf"(?P<what>第?[\d一二三四五六七八九十]{{1,3}}条)(?:的?(?:原文|全文|内容|条文))?(?:先|再|{_SHOWS}|谢谢){{0,3}}"
)
_LEAD_WORDS = (
    # while the person is awaited
    r"(?:等|趁)着?",
    r"也是等着?|闲着|这会儿?|会儿|一会儿?|[工功]夫|时候|时间|空[档当]?|[的这那]",
    r"他们|人家|工作人员|人(?!才|工|均|力|数)|还?没(?:来|回|到|接)|(?:之|以)?前|先?(?:不等|别转|别等)了?",
    # who is meant
    r"你|您|机器人?|我(?!们)|帮我|给我|跟我",
    # what is wanted
    r"先|就|再|来|请|麻烦|顺[便带]|直接",
    r"请教|打听|回?答|告诉|[问说讲查看](?:[问说讲查看]|一?[下句个])?|一?[下句个]|事儿?|问题|吧|了",
)
_MARKS = r"[，,。.！!：:；;、～~\s]"
_LED = re.compile(rf"(?P<lead>(?:{'|'.join(_LEAD_WORDS)}|{_MARKS})+)(?P<what>.+)", re.DOTALL)
"""Words before a question, and the question."""
_TO_THE_BOT = re.compile(
    r"[等趁].{0,4}(?:[工功]夫|时候|会儿|空|等着)|没(?:来|回|到|接).{0,2}前|不等|别转"
    r"|机器|[你您].{0,3}先|先.{0,2}[你您]|问.{0,2}[你您]|顺[便带]问|[你您].{0,3}(?:答|告诉|[说讲])"
)
"""The words before a question address the bot."""
_TO_STAFF = re.compile(r"(?:[问跟催让找叫]|告诉)[问一下]{0,2}(?:他们|人家|工作人员)|转[告达]|你们")
_OWN_CASE = re.compile(
    r"怎么还?没|还没|没(?:批|到账|到|收到|下来|通过)|到哪(?:一?步|了)|进度|为什么没"
    r"|我们?(?:那笔|那份|交的|报的)|[交报提]了(?!吗)|(?:去年|上次).{0,4}[交报过]"
)
"""Asks about the writer's own papers or money. Only staff can look them up."""
_OF_STAFF = re.compile(r"没人|人呢|人在|有人|真人|态度|投诉|客服|工作人员|老师|在不在|在吗")
_LONGEST_ASKED = 60
_LONGEST_FOLLOW_UP = 20
_HOW_MUCH = re.compile(r"多[大高长久小]")
_NOT_CLAUSES = frozenset({Intent.NONE, Intent.MAYBE, Intent.CONTACT})


def clause_for_the_bot(text: str) -> str:
    """Return the clause that a message asks the bot to show (等的工夫先把22条发我 → 22条); "" if it asks for more."""
    found = _A_CLAUSE.fullmatch(squeeze(text)) if len(text) <= _LONGEST_WITH_CLAUSE else None
    return found["what"] if found is not None and names_clauses(found["what"]) else ""


def question_to_the_bot(text: str, index: PolicyIndex) -> str:
    """Return the question of a message that plainly addresses the bot (你先回答我，院士站给多少 → 院士站给多少).

    Return "" if the message does not address the bot, if only staff can answer it, or if it is no question of clauses.
    """
    led = _LED.fullmatch(text) if len(text) <= _LONGEST_ASKED else None
    if led is None or not _TO_THE_BOT.search(led["lead"]) or _TO_STAFF.search(text):
        return ""
    question = led["what"]
    if _OWN_CASE.search(question) or not _asks(question):
        return ""
    decision = index.decide(question)
    is_plain = decision.sure or index.names_a_subject(question)
    return question if is_plain and decision.intent not in _NOT_CLAUSES else ""


def is_follow_up_to_the_bot(text: str) -> bool:
    """Whether a short question may go on with what the bot has just answered, and is not about staff or an own case."""
    of_staff = _TO_STAFF.search(text) or _OWN_CASE.search(text) or _OF_STAFF.search(text)
    return len(text) <= _LONGEST_FOLLOW_UP and _asks(text) and of_staff is None


def _asks(text: str) -> bool:
    return asks(text) or _HOW_MUCH.search(text) is not None
