"""人工: hand the conversation to a person, until one side ends it.

The database, not the session, knows whether a handoff is open, because a person's answer may come after days.
Meanwhile the bot still answers commands, taps and messages that are only clause numbers. Every sentence goes to the
operator, even if it names a clause. The operator also gets one line about each answer of the bot.
"""

import re
from datetime import timedelta

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

PERSON = "person"
_END = "结束人工"
_ASKED_NOTHING = "（请求人工服务）"
_FOR_THE_BOT = frozenset({Intent.CLAUSE, Intent.SECTION})
_STILL_ASKED = "您的人工请求还在，直接打字就会送到工作人员那里。"
_SHOWN = 6
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
    r"(?:我|问题|事情?|这个|已经|自己|都|刚){0,4}(?:解决|搞定|弄懂|搞懂|搞明白|弄明白|看明白|看懂|弄清楚|搞清楚|明白|打通电话|办好|办完|没问题)(?:了)?",
    r"(?:先)?(?:撤|退|收|免)(?:了|掉|回)?",
)
"""Perhaps the person is not needed any more. The bot only offers to end the handoff."""
_NOBODY = whole(*GIVES_UP_A_PERSON)
_MOST_PARTS = 3
_LONGEST_GIVING_UP = 30

_WAYS = (
    r"(?:转|接|转接|找|要|换|联系|呼叫|叫|来|需要|有没有|接通|连线)?(?:个|一个|到|下|一下|一位|你们的?)?(?:人工|真人|大?活人|客服|工作人员|专人|人功|人公)(?:客服|服务|坐席|台)?(?:来)?(?:接听?|回答|帮忙|帮我|聊聊?|说话|说|咨询|问问?|解答|处理|对接|沟通|在吗|有吗|有没有|联系我)?",
    r"(?:想|要|能不能|可以)?(?:找|叫|派|来|换|让)(?:个|一个|一位|你们)?(?:人|真人|活人|老师|负责人|领导|工作人员)(?:来)?(?:问问?|说说?|聊聊?|帮忙|帮我|咨询|解答|处理|接|沟通|谈谈?|回答|回复|联系我|(?:给我|帮我们?|替我|跟我|帮忙)(?:查查?|看看?|弄弄?|说明?|讲讲?|解释|问问?|对接|处理)(?:一下|下)?)?(?:我)?",
    r"(?:投诉|举报|反映(?:个)?(?:问题|情况|意见)|提(?:个|点)?(?:意见|建议))(?:你们|一下|电话)?",
    r"(?:我们?)?(?:想|要)?(?:投诉|举报|检举)(?:一下)?(?:有|某|这|那|一)?(?:些|个|家)?(?:企业|公司|单位|人).{0,30}",
    r"(?:talkto|speakto|ineed|iwant|connectmeto|transferto|cani(?:talkto|speakto))?(?:a|an)?(?:real|live)?(?:human|agent|person|staff|operator|customerservice|support)",
    r"(?:不要|不想要|不想跟|别用|换掉|不跟)(?:机器人|机器|自动回复)(?:说话|聊|说|回复|回答)?",
    r"转接|(?:转|接|转接|换)(?:个|一个|一位)(?:人|真人|活人)|(?:人|客服|工作人员)呢|(?:还|怎么还|怎么)?没(?:有)?人(?:理|回|管|来|接|回复|答)?(?:我|我们)?(?:吗|么)?",
    r"(?:想|要)(?:跟|和)(?:人|真人|工作人员|你们的人)(?:说|聊|谈|沟通)(?:话|聊)?",
    r"(?=.{0,16}(?:工作人员|客服|真人|活人|坐席|管事|你们.{0,4}(?:负责人|领导|同事)|懂行?的|明白人|(?:找|换|来|叫|跟|和|问|让|派)(?:个|一个|位)?人))"
    r"(?=.{0,16}(?:找|叫|换|转|接|跟|和|问|聊|讲|来|让|派))"
    r"(?:我们?|咱|你们?|您|那边|这边|这里|想|要|能不能|能|可以|得|给|跟|和|找|叫|换|转|接通?|连|通|问|聊|说|讲|谈|来|让|派|个|一个|位|一下|两句|几句|会儿?"
    r"|的|管事|懂行?|明白|工作人员|客服|真人|活人|坐席|负责人|领导|同事|值班|人|答|回复?|解答|了|别|不要|机器人?|当面|直接|先|再|还是|就|去|到|处理|帮我?|请){2,14}",
)


_WANTED = whole(*_WAYS)
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
    talk = session.talk[-_SHOWN:]
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
    told = "、".join(library.name_of(key) for key in answer.clause_ids[:_SHOWN])
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
        phrases=_WAYS,
        menu_key=Key.PERSON,
        at_end=True,
    ),
    Command(PERSON, nothing_to_end, words=(_END, "退出人工", "取消人工")),
)
