"""人工: hand the conversation to a person, until one side ends it.

The database, not the session, knows whether a handoff is open, because a person's answer may come after days.
Meanwhile the bot still answers commands, taps and messages that are only clause numbers. Every sentence goes to the
operator, even if it names a clause. The operator also gets one line about each answer of the bot.
"""

import re
from datetime import timedelta
from pathlib import Path

from handlers.commands.asked_meanwhile import (
    clause_for_the_bot,
    is_follow_up_to_the_bot,
    question_to_the_bot,
)
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.last_act import forget_other, note_other
from handlers.framework.menu import Key
from handlers.framework.phrases import (
    GIVES_UP_A_PERSON,
    SEGMENT_ENDS,
    asks_outright,
    leaves,
    names_clauses,
    squeeze,
    whole,
)
from handlers.framework.registry import Command, Turn
from handlers.framework.session import Session
from handlers.framework.taps import tap
from policies.search.decision import Decision, Intent
from policies.search.reading.numbers import is_bare
from policies.search.words.pattern_files import read_patterns

_SAID = read_patterns(Path(__file__).with_name("commands.txt"))
PERSON = "person"
_END = "结束人工"
_ASKED_NOTHING = "（请求人工服务）"
_FOR_THE_BOT = frozenset({Intent.CLAUSE, Intent.SECTION})
_STILL_ASKED = "您的人工请求还在，直接打字就会送到工作人员那里。"
_MESSAGES_SHOWN = 6
_CLAUSES_SHOWN = 6
_HEARD = 40
_TOLD = 60
_ANCHOR = re.compile(r"</?a(?:\s[^<>]*)?>")
_ADDRESS = re.compile(r"https?://\S+")
_WHEN = re.compile(
    r"(?:多久|什么时候|啥时候|几时|何时|多长时间|怎么还不|还没).{0,6}(?:回|答|联系|处理|好|来)"
)
_TOLD_ONCE = timedelta(hours=1)
_BESIDE = "beside"
"""In the step: the bot has just answered beside the person who is awaited."""
_MAY_BE_OVER = whole(
    r"(?:我|问题|事情?|这个|已经|自己|都|刚){0,4}"
    r"(?:"
    r"解决|搞定|弄懂|搞懂|搞明白|弄明白|看明白|看懂|弄清楚|搞清楚|明白|打通电话|办好|办完|"
    r"没问题"
    r")"
    r"(?:了)?",
    r"(?:先)?(?:撤|退|收|免)(?:了|掉|回)?",
)
"""Perhaps the person is not needed any more. The bot only offers to end the handoff."""
_NOBODY = whole(*GIVES_UP_A_PERSON)
_MOST_PARTS = 3
_LONGEST_GIVING_UP = 30

_WANTED = whole(*_SAID["person"])
_WORDS = ("人工", "人工服务", "转人工", "人工客服", "客服")


def asks_for_a_person(text: str) -> bool:
    """Whether a message is the command for a person, in any of its forms."""
    plain = squeeze(text)
    return bool(plain) and _WANTED.fullmatch(plain) is not None


async def begin(turn: Turn, context: Context) -> Answer:
    """Open a handoff. The operator reads what was asked before and which clause is in focus."""
    session = turn.session
    member_id = await context.members.ensure(turn.inbound.openid)
    if await context.handoffs.is_open(member_id):
        await _pass_beside(turn, member_id, context)
        session.dialogue, session.step = PERSON, {}
        return Answer.of(
            PERSON,
            "您的请求还在，工作人员会在这里回复。想补充什么，直接打字就行，我会一并送到；"
            f"不需要了请回复 {tap(_END)}。",
        )
    if session.asked:
        await context.questions.record(session.asked, PERSON)
    said = turn.inbound.text if _says_more(turn) else session.asked or _ASKED_NOTHING
    await context.handoffs.say(member_id, said, begin=True, before=_before(session, context))
    session.dialogue, session.step = PERSON, {}
    note_other(turn, _END)
    return Answer.of(
        PERSON,
        "已转给工作人员，48 小时内在这里回复您。想补充什么，直接打字即可；条号和菜单仍由我回答。"
        f"不需要了请回复 {tap(_END)}。",
    )


async def _pass_beside(turn: Turn, member_id: int, context: Context) -> None:
    """Send a message that says more than the wish for a person (我的手机是…, 让人联系我, 我要投诉)."""
    if _says_more(turn):
        await context.handoffs.say(member_id, turn.inbound.text)


def _says_more(turn: Turn) -> bool:
    return bool(turn.text) and squeeze(turn.text) not in _WORDS


def _before(session: Session, context: Context) -> str:
    """Tell the operator what was typed before, and the clause in focus."""
    talk = session.talk[-_MESSAGES_SHOWN:]
    lines = [f"此前说过：{'；'.join(talk)}" if talk else "此前半小时内没有说过别的。"]
    policy = context.knowledge.index.policy(session.clause) if session.clause else None
    if policy is not None:
        lines.append(f"正在看：{context.knowledge.index.library.name(policy)} {policy.title}")
    return "\n".join(lines)


async def is_waiting(turn: Turn, context: Context) -> bool:
    """Whether this person's handoff is open. Usually it is not, and then the check only reads memory."""
    if turn.session.dialogue != PERSON and not context.handoffs.may_be_open(turn.inbound.openid):
        forget_other(turn, _END)
        return False
    member_id = await context.members.id_of(turn.inbound.openid)
    if member_id is not None and await context.handoffs.is_open(member_id):
        return True
    if turn.session.dialogue == PERSON:  # the operator has ended it
        turn.session.leave_dialogue()
    forget_other(turn, _END)
    return False


async def end(turn: Turn, context: Context) -> Answer | None:
    """End the handoff if the message says so. Return None if it does not."""
    return await _end(turn, context) if leaves(turn.text) else None


def _gives_up(text: str) -> bool:
    """Whether one part says that nobody is needed (自己看明白了 不用人了), and no other part asks anything."""
    parts = [part for part in SEGMENT_ENDS.split(text[:_LONGEST_GIVING_UP]) if part]
    if not 1 < len(parts) <= _MOST_PARTS or asks_outright(text):
        return False
    return any(_NOBODY.fullmatch(squeeze(part)) for part in parts)


async def _end(turn: Turn, context: Context) -> Answer:
    member_id = await context.members.ensure(turn.inbound.openid)
    await context.handoffs.leave(member_id)
    turn.session.leave_dialogue()
    forget_other(turn, _END)
    return Answer.of(PERSON, "好的，人工服务已结束，现在由我回答。想查政策，直接说就行。")


async def note(turn: Turn, answer: Answer, context: Context) -> None:
    """Tell the operator in one line what the bot answered during the handoff: its clauses, or its first line."""
    member_id = await context.members.id_of(turn.inbound.openid)
    if member_id is None:  # erased just now
        return
    library = context.knowledge.index.library
    told = "、".join(library.name_of(key) for key in answer.clause_ids[:_CLAUSES_SHOWN])
    if not told:
        first = _ADDRESS.sub("", _ANCHOR.sub("", answer.text)).strip().partition("\n")[0]
        told = first[:_TOLD]
    heard = turn.inbound.text[:_HEARD]
    await context.handoffs.note(member_id, f"对方发来“{heard}”，由机器人回答：{told}")


def beside(answer: Answer) -> Answer:
    """If the answer offers 人工, add that a person has been asked already."""
    return answer.with_line(_STILL_ASKED) if tap("人工") in answer.text else answer


def asked_meanwhile(turn: Turn, context: Context) -> Turn:
    """Reduce a message that addresses the bot during a handoff to what the bot is asked; else return it as it is."""
    if clause := clause_for_the_bot(turn.text):
        return turn.saying(clause)
    question = question_to_the_bot(turn.text, context.knowledge.index)
    if not question:
        return turn
    if turn.session.dialogue in {"", PERSON}:
        turn.session.dialogue, turn.session.step = PERSON, {**turn.session.step, _BESIDE: True}
    return turn.saying(question)


def _goes_on(turn: Turn) -> bool:
    """Whether a message goes on with what the bot has just answered beside the person (得多大一片才够条件)."""
    session = turn.session
    is_beside = session.dialogue == PERSON and bool(session.step.get(_BESIDE)) and bool(session.clause)
    return is_beside and _WHEN.search(turn.text) is None and is_follow_up_to_the_bot(turn.text)


def _is_for_the_bot(turn: Turn, decision: Decision) -> bool:
    """Whether a message is a tap, or only the name of a clause or a section."""
    is_name = is_bare(turn.text) or names_clauses(turn.text)
    return turn.inbound.by_menu_tap or (decision.intent in _FOR_THE_BOT and is_name)


async def pass_on(turn: Turn, meant: Turn, context: Context) -> Answer | None:
    """Send a message to the operator. Return None if the bot answers it: a tap, a clause number, or a sure question.

    `meant` is what `asked_meanwhile` made of the message.

    The person is told once an hour that messages are sent. A reply under each line would only be noise.
    """
    if _gives_up(turn.text):
        return await _end(turn, context)
    decision = context.knowledge.index.decide(turn.text)
    if meant is not turn or _is_for_the_bot(turn, decision):
        return None
    member_id = await context.members.ensure(turn.inbound.openid)
    if not await context.handoffs.say(member_id, turn.inbound.text):
        return None
    if _goes_on(turn):
        return None  # the operator reads it too
    turn.session.step.pop(_BESIDE, None)
    if _is_sure(decision, turn, context):
        return None  # the library surely answers it, and the operator reads it too
    if _WHEN.search(turn.text):
        return Answer.of(PERSON, f"工作人员看到后会在 48 小时内在这里回复您。不想等了请回复 {tap(_END)}。")
    if _MAY_BE_OVER.fullmatch(squeeze(turn.text)):
        return Answer.of(
            PERSON, f"好的，已送到工作人员那里。不需要工作人员了请点 {tap(_END)}，之后由我回答。"
        )
    session, now = turn.session, context.clock()
    told = float(session.step.get("told", 0)) if session.dialogue == PERSON else 0.0
    if now.timestamp() - told < _TOLD_ONCE.total_seconds():
        return Answer(PERSON, None)
    session.dialogue, session.step = PERSON, {"told": now.timestamp()}
    return Answer.of(PERSON, f"已送到工作人员那里，请等回复。不需要了请回复 {tap(_END)}。")


def _is_sure(decision: Decision, turn: Turn, context: Context) -> bool:
    """Whether the words of a question leave no doubt. While a person has taken over, the bot does not guess."""
    return (
        decision.intent is Intent.SEARCH
        and decision.sure
        and not decision.unsure
        and asks_outright(turn.text)
        and context.knowledge.index.names_a_subject(turn.text)
    )


async def nothing_to_end(turn: Turn, context: Context) -> Answer:
    """Answer 结束人工 if no handoff is open."""
    return Answer.of(PERSON, f"好的，现在就是由我回答。想查政策，直接说就行；需要时可以再点 {tap('人工')}。")


COMMANDS = (
    Command(
        PERSON,
        begin,
        words=_WORDS,
        phrases=_SAID["person"],
        menu_key=Key.PERSON,
        at_end=True,
    ),
    Command(PERSON, nothing_to_end, words=(_END, "退出人工", "取消人工")),
)
