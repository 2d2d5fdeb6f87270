"""Reads what is said about the interview itself: 上一题, 第2题选错了, 赛道改一下, 继续, 不想答这个, 不答了看结果."""

import re
from dataclasses import replace
from pathlib import Path

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.list_places import NUMBER, numbers_said
from handlers.framework.phrases import squeeze, whole
from handlers.framework.registry import Turn
from handlers.matching.progress import asking
from handlers.matching.steps import ask, proceed
from policies.company_facts.interview import TOPICS, Progress
from policies.numbers.numerals import as_integer
from policies.search.words.pattern_files import read_patterns

_SAID = read_patterns(Path(__file__).with_name("interview.txt"))
_N = rf"(?P<number>{NUMBER})"
_WRONG = (
    r"(?:选|填|答|说|写|点|弄|搞|记)?错了?|不对|改一?下|改改|要改|重选|重填|重答|重新(?:选|填|答|来)|修改"
)
_BACK = whole(*_SAID["back"])
_NUMBERED = whole(
    rf"(?:把|回到|返回|退回)?第{_N}(?:个)?(?:题|道题|问|个问题|问题)(?:的)?(?:我)?(?:{_WRONG})?"
)
_NAMED = whole(rf"(?:把|我)?(?P<what>[\u4e00-\u9fff]{{2,8}}?)(?:那题|那个|那一题|这题|的)?(?:{_WRONG})")
_LETTER = re.compile(r"(?:我?选)?(?P<letter>[a-h])(?:吧|啊)?")
UNSURE = "不清楚"
_GO_ON = whole(*_SAID["go_on"])
_OF_QUESTIONS = re.compile(r"[问答题填测]")
"""With one of these, going on means the interview, not the list on the screen."""
_SKIPS = whole(*_SAID["skips"])
_WHY = whole(*_SAID["why"])
_HOW_LONG = re.compile(_SAID["how_long"][0])
"""Asks how many questions are left, or says that there are too many (怎么还没完, 还要问多久, 到底还有几个问题)."""
_ENOUGH = whole(*_SAID["enough"])


def read_choice(text: str, *, options: int) -> str:
    """Return an answer as it is read. 第二个 and B mean the second option; 不想答这个 means that the person does not say.

    Args:
        text: as it was typed.
        options: how many answers of the question have a number; 0 for none.
    """
    plain = squeeze(text)
    if plain and _SKIPS.fullmatch(plain):
        return UNSURE
    if not options:
        return text
    if numbers := numbers_said(text, options):
        return numbers
    letter = _LETTER.fullmatch(plain)
    return text if letter is None else str(ord(letter["letter"]) - ord("a") + 1)


async def going_back(turn: Turn, context: Context, progress: Progress) -> Answer | None:
    """Ask an earlier question again, or show the result now. Return None if the message wants neither."""
    plain, trail = squeeze(turn.text), progress.trail
    if not plain or not asking(turn):
        return None
    if _ENOUGH.fullmatch(plain):
        return await proceed(turn, context, replace(progress, until=0))
    is_listing = bool(turn.session.pending or turn.session.listing)
    if _GO_ON.fullmatch(plain) and (_OF_QUESTIONS.search(plain) or not is_listing):
        return ask(turn, context, progress, asking(turn))
    if _WHY.fullmatch(plain):
        said = "问这些是为了逐条对照条文写的条件，只用来匹配；不方便答可以回复“不清楚”，想早点看可以说“直接看结果”。"
        return ask(turn, context, progress, asking(turn), said)
    if _HOW_LONG.fullmatch(plain):
        return ask(turn, context, progress, asking(turn), _how_many(progress))
    if _BACK.fullmatch(plain):
        if not trail:
            return ask(turn, context, progress, asking(turn), "这已经是第一题了。")
        return _again(turn, context, progress, len(trail) - 1)
    if (numbered := _NUMBERED.fullmatch(plain)) is not None:
        place = as_integer(numbered["number"]) or 0
        return _again(turn, context, progress, place - 1) if 0 < place <= len(trail) else None
    if (named := _NAMED.fullmatch(plain)) is not None:
        return _named(turn, context, progress, named["what"])
    return None


def _how_many(progress: Progress) -> str:
    """Say how many questions are left at most, and how to see the result now."""
    left = max(1, progress.until - progress.asked)
    many = f"最多还有 {left} 题" if progress.clause is None else "问完这几项就算给您看"
    return f"{many}；想现在就看，请回复“直接看结果”。"


def _again(turn: Turn, context: Context, progress: Progress, place: int) -> Answer:
    """Ask the question at a place of the trail again. Its facts are taken back, and the others stay."""
    return ask(turn, context, _without(progress, progress.trail[place]), progress.trail[place])


def _named(turn: Turn, context: Context, progress: Progress, what: str) -> Answer | None:
    """Ask a told fact again, named by words of its label."""
    labels = {fact: context.matching.fact(fact).label for fact in progress.told}
    found = [fact for fact, label in labels.items() if _is_short_for(what, label) or label in what]
    return ask(turn, context, _without(progress, found[0]), found[0]) if len(found) == 1 else None


def _is_short_for(what: str, label: str) -> bool:
    """Whether a label holds the characters of a name in their order (注册地 for 注册（工作）所在地)."""
    left = iter(label)
    return all(character in left for character in what)


def _without(progress: Progress, wanted: str) -> Progress:
    trail = tuple(one for one in progress.trail if one != wanted)
    is_answered = len(trail) < len(progress.trail)
    progress = replace(
        progress,
        trail=trail,
        asked=max(0, progress.asked - is_answered),
        until=max(1, progress.until),
        unsure=progress.unsure - {wanted},
    )
    if wanted == TOPICS:
        return replace(progress, topics=None)
    return replace(progress, told={fact: value for fact, value in progress.told.items() if fact != wanted})
