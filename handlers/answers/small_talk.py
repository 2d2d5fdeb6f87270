"""Greetings, thanks and goodbyes. They ask nothing, so nothing is searched or recorded."""

from handlers.answers.welcome_and_help import try_these
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, Turn
from policies.search.decision import Intent
from policies.search.index import PolicyIndex


async def greeting(turn: Turn, context: Context) -> Answer:
    """A greeting back."""
    return greet(context.knowledge.index)


def greet(index: PolicyIndex) -> Answer:
    """A greeting, and three things to ask."""
    listed = try_these(index, "可以直接说，例如：")
    return Answer.of(Intent.NONE, f"您好，想了解哪条政策？{listed}".rstrip())


async def thanks(turn: Turn, context: Context) -> Answer:
    """A short courtesy."""
    return Answer.of(Intent.NONE, "不客气，有需要随时问我。")


async def goodbye(turn: Turn, context: Context) -> Answer:
    """A short courtesy."""
    return Answer.of(Intent.NONE, "再见，祝工作顺利。")


COMMANDS = (
    Command(
        "greeting",
        greeting,
        words=(
            "你好",
            "您好",
            "你好呀",
            "你好啊",
            "在吗",
            "在么",
            "在不在",
            "有人吗",
            "嗨",
            "哈喽",
            "hi",
            "hello",
            "早",
            "早上好",
            "上午好",
            "中午好",
            "下午好",
            "晚上好",
        ),
    ),
    Command(
        "thanks",
        thanks,
        words=(
            "谢谢",
            "谢谢你",
            "谢谢您",
            "多谢",
            "感谢",
            "非常感谢",
            "谢了",
            "辛苦了",
            "好的",
            "好",
            "好的谢谢",
            "知道了",
            "明白了",
            "收到",
            "嗯",
            "嗯嗯",
            "ok",
            "thanks",
        ),
    ),
    Command("goodbye", goodbye, words=("再见", "拜拜", "bye")),
)
