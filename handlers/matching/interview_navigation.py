"""Reads what is said about the interview itself: 上一题, 第2题选错了, 赛道改一下, 继续, 不想答这个, 不答了看结果."""

import re
from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.list_places import NUMBER, numbers_said
from handlers.framework.phrases import squeeze, whole
from handlers.framework.registry import Turn
from handlers.matching.progress import asking
from handlers.matching.steps import ask, proceed
from policies.company_facts.interview import TOPICS, Progress
from policies.numbers.numerals import as_integer

_N = rf"(?P<number>{NUMBER})"
_WRONG = (
    r"(?:选|填|答|说|写|点|弄|搞|记)?错了?|不对|改一?下|改改|要改|重选|重填|重答|重新(?:选|填|答|来)|修改"
)
_BACK = whole(
    r"(?:回到|返回到?|退回到?|退到|看|再答|重答|重新答)?(?:上|前)(?:面)?(?:一|个|一个)?(?:题|道题|个问题|问题|步)(?:选错了?|答错了?|错了|重来|重答|改一?下)?",
    r"(?:改|修改|重答|重选)(?:一?下)?(?:刚才|刚刚|上面|前面)(?:的|那个|那题|答的|选的){0,2}",
    r"(?:往回|往前|后)退(?:一步|一题|一下)?|退回(?:去)?(?:一步|一题)?",
)
_NUMBERED = whole(
    rf"(?:把|回到|返回|退回)?第{_N}(?:个)?(?:题|道题|问|个问题|问题)(?:的)?(?:我)?(?:{_WRONG})?"
)
_NAMED = whole(rf"(?:把|我)?(?P<what>[\u4e00-\u9fff]{{2,8}}?)(?:那题|那个|那一题|这题|的)?(?:{_WRONG})")
_LETTER = re.compile(r"(?:我?选)?(?P<letter>[a-h])(?:吧|啊)?")
UNSURE = "不清楚"
_GO_ON = whole(
    r"(?:继续|接着)(?:刚才|刚刚)?的?(?:答题?|问|来|做|填|测)?|回到(?:刚才)?的?(?:问题|题目|答题|测试)|刚才(?:问到|答到)哪(?:里|儿)?了?"
)
_SKIPS = whole(
    r"我?(?:不想|不愿意?|不方便|不便|不)(?:答|回答|说|填|透露)(?:这个|这题|这一题|这道题)|换(?:个|一个|一道)?(?:题目?|问题)|(?:这个|这题|这一题)(?:跳过|不答|不想答|不说)"
)
_WHY = whole(
    r"(?:你们?|您)?(?:为什么|为啥|干嘛|干吗)(?:要|非要)?(?:问|知道)(?:这个|这些|我)?|问(?:这个|这些|我这个)(?:干嘛|干吗|做什么|干什么|有什么用|有啥用)"
)
_HOW_LONG = re.compile(
    r"(?=.{0,12}(?:完|到头|结束|多久|多长|[几多]少?[个道]|多少题|几题|太多|这么多|那么多|好多|啰嗦|烦|累|磨叽))"
    r"(?=.{0,12}(?:问|答|填|题|没完|不完|完没|到头|结束|啰嗦|磨叽|烦|累))"
    r"(?=.{0,12}(?:怎么|咋|为什么|为啥|到底|究竟|多久|多长|[几多]少?[个道题]|什么时候|啥时候|何时|太|这么|那么|好多|有完|没完没|烦|累|老|一直|总|啰嗦|磨叽))"
    r"(?:怎么|咋|为什么|为啥|到底|究竟|还|要|得|有|是|能|会|才|没|不|完|问题?|答|填|题目?|道|个|几|多少|多久|多长|时间|什么时候|啥时候"
    r"|何时|到头|结束|好|剩|下|了|啊|呀|呢|吗|么|吧|烦|死|人|太|多|长|这么|那么|真|老|一直|总|来|去|累|磨叽|啰嗦|你们?|您|我|的|得|也|就){2,14}"
)
"""Asks how many questions are left, or says that there are too many (怎么还没完, 还要问多久, 到底还有几个问题)."""
_ENOUGH = whole(
    r"(?:我)?(?:不想|不|懒得|先不)(?:再)?(?:答|回答|填|选)(?:了|下去)?(?:直接)?(?:看|给|出)?(?:结果)?",
    r"(?:直接|先|现在)?(?:就)?(?:看|出|给|显示|告诉)(?:我)?(?:下|一下)?结果|(?:太|好)(?:多|麻烦)了?(?:不答了|直接(?:看)?结果)|(?:够了|就这些|差不多了)(?:直接)?(?:看|出)?结果?",
    r".{0,14}(?:直接|先)(?:看|出|给)(?:我)?(?:下|一下)?结果",
)


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
    if _GO_ON.fullmatch(plain) and not (turn.session.pending or turn.session.listing):
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
