"""The member corrects a fact that they told before: 不对，是2000万; 我们在邻县; 修改情况 and a number."""

from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.phrases import asks
from handlers.framework.registry import Turn
from handlers.framework.taps import tap
from handlers.matching.progress import MATCH, asking, begin_step, progress_of, with_told
from handlers.matching.steps import ask, proceed
from policies.company_facts.interview import TOPICS, Progress
from policies.company_facts.reading.answers import asks_or_commands, read_answer
from policies.company_facts.reading.fact_reader import StatedFacts
from policies.company_facts.wording import fact_line
from policies.matching.conditions import ToldFacts, Value
from wechat.texts import escape_typed

CHANGE = "change"
"""The step in which the member says which fact is to be changed."""


def told_back(told: ToldFacts, context: Context) -> list[str]:
    """Return the told facts as lines to read and correct."""
    return [f"· {fact_line(context.matching.fact(fact), value)}" for fact, value in told.items()]


async def corrected(turn: Turn, context: Context, progress: Progress) -> Answer | None:
    """Take facts from a message that does not answer the question (我们在邻县), and go on. Else return None."""
    told = context.matching.read(turn.text)
    rest = _without(turn.text, told)
    if asks(rest) or asks_or_commands(rest):
        return None
    changed = {fact: value for fact, value in told.facts.items() if progress.told.get(fact) != value}
    aside = told.aside()
    unsure = [fact for fact in told.unsure if fact not in progress.told]
    if unsure and not changed and not aside:
        return ask(turn, context, progress, unsure[0], "好的，再确认一点：")
    said = sum(map(len, told.words.values())) + sum(map(len, aside))
    if not (changed or aside) or len(turn.text) > 4 * said + 8:
        return None
    known = any(fact in progress.told for fact in changed)
    before = ["已改为：" if known else "我记下了：", *told_back(changed, context)] if changed else []
    if aside:
        before.append(f"“{escape_typed('、'.join(aside))}”不是这里要问的金额，没有记。")
    still = (
        TOPICS if asking(turn) == TOPICS and progress.topics is None else ""
    )  # one fact is not all of the year
    return await proceed(turn, context, with_told(progress, changed), "\n".join(before), changed, still=still)


def known_already(turn: Turn, context: Context, progress: Progress) -> str:
    """Say that the told fact is noted already; "" if the message tells none."""
    told = context.matching.read(turn.text).facts
    known = {fact: value for fact, value in told.items() if progress.told.get(fact) == value}
    return "\n".join(("已经记下了：", *told_back(known, context))) if known else ""


def _without(text: str, told: StatedFacts) -> str:
    """Return a text without the words that told a fact. 新材料 is a track and does not ask for 材料."""
    for words in told.words.values():
        for one in words.split("、"):
            text = text.replace(one, "")
    return text


async def put_right(turn: Turn, context: Context, progress: Progress, now: str) -> Answer | None:
    """Take the correction in 不对，是…: the new facts, or another value of the last one. Return None if it has neither.

    Args:
        turn: the message.
        context: the services.
        progress: the interview.
        now: the text after the words of correction; "" if there is none.
    """
    if not now:
        return await ask_change(turn, context)
    told = context.matching.read(now).facts or _last_told(progress, context, now)
    if not told:
        return None
    before = "\n".join(["已改为：", *told_back(told, context)])
    return await proceed(turn, context, with_told(progress, told), before, told)


def _last_told(progress: Progress, context: Context, now: str) -> dict[str, Value]:
    """Return the one fact of the last message that gets a new value; {} if several may be meant."""
    reader = context.matching.reader
    answers = {fact: read_answer(context.matching.fact(fact), now, reader) for fact in progress.last}
    told = {fact: one.value for fact, one in answers.items() if one is not None and one.value is not None}
    return told if len(told) == 1 else {}


async def ask_change(turn: Turn, context: Context) -> Answer:
    """Answer 修改情况: list the told facts with numbers, to choose the one to change."""
    progress = progress_of(turn, context) or await kept_progress(turn, context)
    if progress is None or not progress.told:
        return Answer.of(MATCH, f"还没有您公司的情况。{tap('我们公司能拿什么')}")
    begin_step(turn, context, progress, CHANGE)
    lines = [
        f"{number}. {tap(fact_line(context.matching.fact(fact), progress.told[fact]), str(number))}"
        for number, fact in enumerate(_in_order(progress, context), 1)
    ]
    return Answer.of(MATCH, "要改哪一条？回复序号，或直接说现在的情况。\n" + "\n".join(lines))


async def change(turn: Turn, context: Context, progress: Progress, text: str) -> Answer | None:
    """Ask the fact of this number again. Other words are read as new facts."""
    order = _in_order(progress, context)
    if text.isdecimal() and 1 <= int(text) <= len(order):
        fact = order[int(text) - 1]
        told = {one: value for one, value in progress.told.items() if one != fact}
        again = replace(progress, told=told, asked=max(0, progress.asked - 1), until=max(1, progress.until))
        return ask(turn, context, again, fact)
    return await corrected(turn, context, progress)


async def kept_progress(turn: Turn, context: Context) -> Progress | None:
    """Return the member's kept facts as an interview that is over. Return None if nothing is kept."""
    kept = await context.profiles.by_openid(turn.inbound.openid)
    return Progress(context.matching.facts.read_kept(kept.facts), until=0) if kept else None


def _in_order(progress: Progress, context: Context) -> list[str]:
    return sorted(progress.told, key=context.matching.facts.order.__getitem__)
