"""Writes a question of the interview, with its answers to tap. Pure."""

from collections.abc import Callable, Sequence

from handlers.framework.taps import tap, taps
from policies.company_facts.interview import TOPICS, Plan, Progress
from policies.matching.facts import CompanyFact
from policies.numbers.written import in_cny
from policies.search.words.normalise import character_pairs
from wechat.texts import size_in_bytes

UNSURE = "不清楚"
_ROOM = 1_700
"""Bytes for the answers. WeChat takes 2,048 for the whole message."""
_MOST_NEAR = 3
TOPICS_QUESTION = "今年有下面哪些事？可多选，如 1 3；都没有请回“没有”。"


def topics_text(plan: Plan) -> str:
    """Return the question which topics concern the company."""
    return f"{TOPICS_QUESTION}\n{_numbered([topic.label for topic in plan.topics])}\n{taps('没有', UNSURE)}"


def fact_text(fact: CompanyFact, plan: Plan) -> str:
    """Return the question of a fact."""
    lines = [fact.question]
    match fact.type:
        case "bool":
            lines.append(taps("是", "否", UNSURE))
        case "choice":
            lines += [_numbered([option.label for option in fact.options]), tap(UNSURE)]
        case "multi":
            lines += [_numbered([option.label for option in fact.options]), taps("没有", UNSURE)]
        case "yuan":
            sums = plan.sums.get(fact.id, plan.sums[""])
            lines.append("请回复金额，带上单位，例如：")
            lines.append(taps(*map(in_cny, sums), "没有", UNSURE))
        case _:
            lines.append(f"请回复数字（{fact.unit or '个'}）。{taps('没有', UNSURE)}")
    return "\n".join(lines)


def question_text(asking: str, progress: Progress, plan: Plan, fact: Callable[[str], CompanyFact]) -> str:
    """Return a question with its place in the round."""
    text = topics_text(plan) if asking == TOPICS else fact_text(fact(asking), plan)
    place = (
        ""
        if progress.clause is not None
        else f"（{progress.asked + 1}/{max(progress.until, progress.asked + 1)}）"
    )
    return f"{place}{text}"


def nearest_options(fact: CompanyFact, text: str) -> str:
    """Offer options that share two characters with a text that is not one (机械制造: 智能制造装备); "" if none does."""
    pairs = character_pairs(text)
    near = [
        f"{number}. {tap(option.label, str(number))}"
        for number, option in enumerate(fact.options, 1)
        if not pairs.isdisjoint(character_pairs(option.label))
    ]
    return "\n".join(near) if len(near) <= _MOST_NEAR else ""


def _numbered(labels: Sequence[str]) -> str:
    """Return answers with their numbers: tappable as a whole, or by number, or only to read."""
    whole = "\n".join(f"{number}. {tap(label, str(number))}" for number, label in enumerate(labels, 1))
    if size_in_bytes(whole) <= _ROOM:
        return whole
    by_number = "\n".join(f"{tap(str(number))} {label}" for number, label in enumerate(labels, 1))
    if size_in_bytes(by_number) <= _ROOM:
        return by_number
    return "\n".join(f"{number} {label}" for number, label in enumerate(labels, 1))
