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

    Emoji and marks alone ask nothing: they are greeted back. A number that no clause or part has is no
    gap of the document: it isn't recorded.
    """
    if not compact(normalise(turn.inbound.text, str)):
        turn.session.asked = ""
        return await greeting(turn, context)
    if decision.reasons and decision.reasons[-1].stage in {"number", "section"}:
        turn.session.asked = ""
        return _no_such_number(context)
    await context.questions.record(turn.inbound.text, "declined")
    compendium = context.knowledge.index.compendium
    text = (
        f"《{compendium.source.document}》里没有找到与此对应的条款，问题已记下。\n"
        f"可以换个说法，或试试：\n{three_to_try()}\n"
        f"需要人帮忙请回复 {tap('人工')}；下方菜单可按部门、金额、赛道查找。"
    )
    return Answer.of(Intent.NONE, text)


def _no_such_number(context: Context) -> Answer:
    compendium = context.knowledge.index.compendium
    numbers = [policy.id for policy in compendium.policies]
    text = (
        f"没有这一条。条款编号是第{min(numbers)}条到第{max(numbers)}条，分{len(compendium.sections)}个部分。\n"
        f"可以看 {tap('目录')}，或直接说想了解的事，例如 {tap('首台套')}。"
    )
    return Answer.of(Intent.NONE, text)
