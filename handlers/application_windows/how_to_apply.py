"""Says how to apply under a clause, if the question names the policy (首台套怎么报) and no guide was entered."""

import re

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Turn
from handlers.framework.taps import tap
from policies.library.clause_lines import who_confirms
from policies.search.decision import Intent

_ASKED = re.compile(
    r"(?:怎么|如何|咋|怎样|咋样)(?:才能|才|能|去|来|样|可以){0,2}(?:申请|申报|申领|办理|办(?!法)|报名|报(?!销|废|表)|领取?)"
    r"|(?:申请|申报|办理|领取|申领)(?:这个|它)?的?(?:流程|步骤|程序|手续|方法|方式|指南)"
)


async def say_how(turn: Turn, context: Context, answer: Answer) -> str:
    """Say that the document does not tell how to apply, and whom to ask; "" if that is not asked, or a guide tells it."""
    is_one = answer.intent == Intent.SEARCH or (
        answer.intent == Intent.CLAUSE and len(answer.clause_ids) == 1
    )
    if not is_one or not answer.clause_ids or answer.listing is not None or not _ASKED.search(turn.text):
        return ""
    key = answer.clause_ids[0]  # shown in full; a search names related ones beneath it
    policy = context.knowledge.index.policy(key)
    if policy is None or key in context.knowledge.guides.all():
        return ""
    return (
        f"怎么申请：文件没有写申报流程、材料和电话，请向{who_confirms(policy)}了解；"
        f"也可以回复 {tap('人工')} 请工作人员帮您问。"
    )


POSTSCRIPTS = (say_how,)
