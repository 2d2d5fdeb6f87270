"""人工: hand the conversation to a person. Messages then wait at the operators' desk until one side ends the handoff."""

from handlers.answers.contact import office_text
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Dialogue, Turn
from handlers.framework.taps import tap

PERSON = "person"
_END_WORDS = frozenset({"结束", "结束人工", "不用了", "返回"})
_ASKED_NOTHING = "（请求人工服务）"


async def begin(turn: Turn, context: Context) -> Answer:
    """Open a handoff with the last question as its first line. The reply also names the query office."""
    asked = turn.session.asked
    if asked:
        await context.questions.record(asked, PERSON)
    member_id = await context.members.ensure(turn.inbound.openid)
    await context.handoffs.say(member_id, asked or _ASKED_NOTHING, begin=True)
    turn.session.dialogue, turn.session.step = PERSON, {}
    text = (
        "已转给工作人员，48 小时内在这里回复您。想补充什么，直接打字即可；"
        f"不需要了请回复 {tap('结束人工')}。\n\n急事可以联系查询窗口：\n"
        f"{office_text(context.knowledge.index)}"
    )
    return Answer.of(PERSON, text)


async def go_on(turn: Turn, context: Context) -> Answer | None:
    """Forward a message to the operator. After the operator has ended the handoff, the bot answers again (None)."""
    member_id = await context.members.ensure(turn.inbound.openid)
    if turn.text in _END_WORDS:
        await context.handoffs.leave(member_id)
        turn.session.leave_dialogue()
        return Answer.of(PERSON, "人工服务已结束。想查政策，直接问我就行。")
    if not await context.handoffs.say(member_id, turn.inbound.text):
        turn.session.leave_dialogue()
        return None
    return Answer.of(PERSON, f"已转给工作人员。不需要了请回复 {tap('结束人工')}。")


COMMANDS = (
    Command(PERSON, begin, words=("人工", "人工服务", "转人工", "人工客服", "客服"), menu_key=Key.PERSON),
)
DIALOGUES = (Dialogue(PERSON, go_on),)
