"""上一题, 第2题选错了, 赛道改一下, 不答了看结果: a question of the interview is asked again, or the result is shown now."""

from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.phrases import squeeze, whole
from handlers.framework.registry import Turn
from handlers.matching.progress import asking
from handlers.matching.steps import ask, proceed
from policies.company_facts.interview import TOPICS, Progress
from policies.search.reading.numerals import as_integer

_N = r"(?P<number>\d{1,2}|[一二三四五六七八九十]{1,2})"
_WRONG = (
    r"(?:选|填|答|说|写|点|弄|搞|记)?错了?|不对|改一?下|改改|要改|重选|重填|重答|重新(?:选|填|答|来)|修改"
)
_BACK = whole(
    r"(?:回到|返回到?|退回到?|退到|看|再答|重答|重新答)?(?:上|前)(?:面)?(?:一|个|一个)?(?:题|道题|个问题|问题|步)(?:选错了?|答错了?|错了|重来|重答|改一?下)?",
    r"(?:往回|往前|后)退(?:一步|一题|一下)?|退回(?:去)?(?:一步|一题)?",
)
_NUMBERED = whole(
    rf"(?:把|回到|返回|退回)?第{_N}(?:个)?(?:题|道题|问|个问题|问题)(?:的)?(?:我)?(?:{_WRONG})?"
)
_NAMED = whole(rf"(?:把|我)?(?P<what>[\u4e00-\u9fff]{{2,8}}?)(?:那题|那个|那一题|这题|的)?(?:{_WRONG})")
_ENOUGH = whole(
    r"(?:我)?(?:不想|不|懒得|先不)(?:再)?(?:答|回答|填|选)(?:了|下去)?(?:直接)?(?:看|给|出)?(?:结果)?",
    r"(?:直接|先|现在)?(?:就)?(?:看|出|给|显示|告诉)(?:我)?(?:下|一下)?结果|(?:太|好)(?:多|麻烦)了?(?:不答了|直接(?:看)?结果)|(?:够了|就这些|差不多了)(?:直接)?(?:看|出)?结果?",
)


async def going_back(turn: Turn, context: Context, progress: Progress) -> Answer | None:
    """Ask an earlier question again, or show the result now; None where the message wants neither."""
    plain, trail = squeeze(turn.text), progress.trail
    if not plain or not asking(turn):
        return None
    if _ENOUGH.fullmatch(plain):
        return await proceed(turn, context, replace(progress, until=0))
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


def _again(turn: Turn, context: Context, progress: Progress, place: int) -> Answer:
    """Ask the question at a place of the trail again; what it told is taken back, and the others stay."""
    return ask(turn, context, _without(progress, progress.trail[place]), progress.trail[place])


def _named(turn: Turn, context: Context, progress: Progress, what: str) -> Answer | None:
    """Ask a told fact again that is named by words of its label."""
    labels = {fact: context.matching.fact(fact).label for fact in progress.told}
    found = [fact for fact, label in labels.items() if what in label or label in what]
    return ask(turn, context, _without(progress, found[0]), found[0]) if len(found) == 1 else None


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
