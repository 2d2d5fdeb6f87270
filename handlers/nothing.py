"""The document says nothing to it: said kindly, and kept for the people who can fill the gap."""

from handlers.answer import Answer
from handlers.casual import greeting
from handlers.context import Context
from handlers.guide import three_to_try
from handlers.registry import Turn
from handlers.taps import tap
from policies.decision import Decision, Intent
from policies.search.normalise import compact, normalise


async def answer(decision: Decision, turn: Turn, context: Context) -> Answer:
    """Declines, offers three things to try and a person, and records the question.

    Emoji and marks alone ask nothing: they are greeted back.
    """
    if not compact(normalise(turn.inbound.text, str)):
        return await greeting(turn, context)
    await context.questions.record(turn.inbound.text, "declined")
    compendium = context.knowledge.index.compendium
    text = (
        f"《{compendium.source.document}》里没有找到与此对应的条款，问题已记下。\n"
        f"可以换个说法，或试试：\n{three_to_try()}\n"
        f"需要人帮忙请回复 {tap('人工')}；下方菜单可按部门、金额、赛道查找。"
    )
    return Answer.of(Intent.NONE, text)
