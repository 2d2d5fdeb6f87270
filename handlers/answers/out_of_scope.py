"""The answer to a question that is out of scope: no clause of the compendium matches it.

`policies/search/scope.py` decides this: `Decision.intent` is then `Intent.NONE`. The question is recorded
(`gap`), so that operators can teach words or add clauses.
"""

from dataclasses import replace

from handlers.answers.small_talk import greet
from handlers.answers.welcome_and_help import three_to_try
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import tap
from policies.library.models import Compendium
from policies.search.decision import Decision, Intent
from policies.search.words.normalise import compact, normalise


def answer(decision: Decision, text: str, edition: Edition) -> Answer:
    """Say that nothing matches, and offer three examples and 人工.

    A text of only emoji and marks is answered with a greeting. A clause number that does not exist is not
    recorded as a gap.
    """
    if not compact(normalise(text, str)):
        return replace(greet(), asked=False)
    compendium = edition.index.compendium
    if decision.reasons and decision.reasons[-1].stage in {"number", "section"}:
        return replace(_no_such_number(compendium), asked=False)
    said = (
        f"《{compendium.source.document}》里没有找到与此对应的条款，问题已记下。\n"
        f"可以换个说法，或试试：\n{three_to_try()}\n"
        f"需要人帮忙请回复 {tap('人工')}；下方菜单可按部门、金额、赛道查找。"
    )
    return replace(Answer.of(Intent.NONE, said), gap=True)


def _no_such_number(compendium: Compendium) -> Answer:
    numbers = [policy.id for policy in compendium.policies]
    text = (
        f"没有这一条。条款编号是第{min(numbers)}条到第{max(numbers)}条，分{len(compendium.sections)}个部分。\n"
        f"可以看 {tap('目录')}，或直接说想了解的事，例如 {tap('首台套')}。"
    )
    return Answer.of(Intent.NONE, text)
