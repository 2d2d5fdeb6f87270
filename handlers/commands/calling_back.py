"""打我电话 139…, 客服电话多少: nobody here makes telephone calls. A person answers in this conversation.

A telephone number is personal data. It goes to the operator as the message of the handoff, and nowhere else.
"""

import re
from pathlib import Path

from handlers.commands.handoff import PERSON, begin
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, FreeText, Turn
from handlers.framework.taps import tap
from policies.search.words.pattern_files import read_patterns

_SAID = read_patterns(Path(__file__).with_name("commands.txt"))
STAFF_PHONE = "staff_phone"
_LONGEST_TEXT = 120
_NUMBER = re.compile(
    r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)|(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)"
)
_MINE = re.compile(
    # 打给我、联系我
    r"(?:打|回|拨)(?:给|个|我|一?下|过来)|回电|来电|联系我|找我|加我|"
    # 我的电话是
    r"我的?(?:电话|手机|号码|座机|微信)|(?:电话|手机|号码|微信)(?:同号|是|：|:|给你|留)|"
    r"联系(?:电话|方式)"
)
_BARE = re.compile(r"\D{0,6}")


def _number_left(text: str, context: Context) -> str | None:
    """Return the message if it leaves a number to call back. Return None for others, and for an office's number."""
    if len(text) > _LONGEST_TEXT or (number := _NUMBER.search(text)) is None:
        return None
    around = f"{text[: number.start()]}{text[number.end() :]}"
    return text if _MINE.search(around) or _BARE.fullmatch(around) else None


async def call_back(turn: Turn, context: Context, said: str) -> Answer:
    """Hand over to a person, with the number in the message. No session and no log of questions keeps the number."""
    turn.session.asked = ""
    await begin(turn, context)  # it sends the message
    return Answer.of(
        PERSON,
        "已转给工作人员，您留的电话已一并送到；是否回电由工作人员决定，48 小时内先在这里回复您。"
        f"不需要了请回复 {tap('结束人工')}。",
    )


async def no_phone(turn: Turn, context: Context) -> Answer:
    """Say that the account has no telephone of its own."""
    return Answer.of(
        STAFF_PHONE,
        f"这里没有客服电话。回复 {tap('人工')}，工作人员会在 48 小时内在这里回复您；"
        "想找某条政策的负责部门，直接说政策名或条号。",
    )


COMMANDS = (
    Command(
        STAFF_PHONE,
        no_phone,
        words=("客服电话", "人工电话"),
        phrases=_SAID["staff_phone"],
        small_talk=True,
    ),
)
FREE_TEXTS = (FreeText("call_back", _number_left, lambda said: True, call_back),)
