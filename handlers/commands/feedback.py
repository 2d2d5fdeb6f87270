"""有用 and 没用 under an answer. 没用 shows operators which questions are answered badly."""

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap


async def useful(turn: Turn, context: Context) -> Answer:
    """Thank the person."""
    turn.session.asked = ""
    return Answer.of("feedback", "谢谢，有需要随时问我。")


async def useless(turn: Turn, context: Context) -> Answer:
    """Record the last question as badly answered, once."""
    if turn.session.asked:
        await context.questions.record(turn.session.asked, "useless")
        turn.session.asked = ""
    return Answer.of(
        "feedback", f"抱歉没有帮上忙，这个问题已记下，会据此改进。可以换个说法再问，或回复 {tap('人工')}。"
    )


COMMANDS = (
    Command("feedback", useful, words=("有用", "满意")),
    Command("feedback", useless, words=("没用", "没有用", "不满意", "答非所问", "不对"), small_talk=True),
)
