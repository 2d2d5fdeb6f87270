"""Compares the writer's measure with the clause's bound (我这80亩够格不). Says what a share is counted of
(按设备算还是按总投资算). Pure.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from handlers.clause_facts.passages import SENTENCES, stated
from policies.library.amounts.amount_words import quotes_of
from policies.library.models import Policy
from policies.numbers.numerals import EVERYDAY, value_of
from policies.search.words.normalise import compact

_LONGEST = 24
_NUMBER = rf"(?P<number>(?:\d{{1,9}}(?:\.\d{{1,4}})?|[{EVERYDAY}]{{1,9}})\s*万?)"
_UNIT = r"(?P<unit>亩|吨|人|名|家|台|艘|条船|立方|平方|方|平|公里|千瓦|兆瓦|年|岁)"
_MEASURE = re.compile(rf"(?<![差\d.]){_NUMBER}(?:多|来)?个?{_UNIT}(?!以[上下])")
_FIT = re.compile(
    r"够|行(?=不|吗|么|嘛|$)|[成中](?=不|吗|么|嘛|$)|能|可以|算|达标|达到|符合|合格|格|合适|满足|资格|太?[小少]了|只有|才|不到|差"
)
_ASKS_ELSE = re.compile(r"多少|几|[万亿]?元|[万千百]块|钱|哪|时候|怎么|为什么")
_BOUND = re.compile(
    rf"(?:(?P<least>不少于|不低于|不小于|达到|超过|满)\s*)?{_NUMBER}\s*"
    r"(?P<unit>亩|吨|人|名|家|台|艘|立方|平方|公里|千瓦|兆瓦|年|岁)米?\s*(?P<above>(?:及|\(含\)|（含）)?以上|起)?"
)
_SAME_UNIT = {
    "方": ("立方", "平方"),
    "平": ("平方",),
    "人": ("人", "名"),
    "名": ("人", "名"),
    "条船": ("艘",),
}
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class _Bound:
    number: int | Decimal
    printed: str
    passage: str


def beside_bound(policy: Policy, text: str, asked: str = "") -> tuple[str, ...]:
    """Return the passage with the bound, and whether the writer's measure reaches it; () for any other message.

    Args:
        policy: the clause in focus.
        text: the message.
        asked: the last question. It chooses among bounds of one unit.
    """
    plain = compact(text)
    own = list(_MEASURE.finditer(plain)) if len(plain) <= _LONGEST else []
    if len(own) != 1 or not _FIT.search(plain) or _ASKS_ELSE.search(plain.replace(own[0][0], "")):
        return ()
    bounds = _bounds(policy.text, _SAME_UNIT.get(own[0]["unit"], (own[0]["unit"],)))
    bound = _nearest(bounds, plain, compact(asked))
    value = value_of(own[0]["number"], said=True)
    if bound is None or value is None:
        return ()
    reached = "够得上" if value >= bound.number else "没有达到"
    return bound.passage, f"您说的{own[0][0]}，{reached}条文写的{bound.printed}。"


def _bounds(text: str, units: tuple[str, ...]) -> list[_Bound]:
    found = []
    for passage in SENTENCES.findall(text):
        for bound in _BOUND.finditer(passage):
            value = value_of(compact(bound["number"]))
            if bound["unit"] in units and (bound["least"] or bound["above"]) and value is not None:
                found.append(_Bound(value, compact(bound[0]), passage.strip()))
    return found


def _nearest(bounds: list[_Bound], plain: str, asked: str) -> _Bound | None:
    """Find the bound whose passage shares most with the message, then with the last question."""
    return max(
        bounds, key=lambda one: (_shared(plain, one.passage), _shared(asked, one.passage)), default=None
    )


def _shared(said: str, passage: str) -> int:
    plain = compact(passage)
    return sum(said[at : at + _SHORTEST] in plain for at in range(len(said) - 1))


_BY = r"(?:是|到底|究竟|那|这|你们)*(?:按照?|照着?|看|以|依|拿|根据|算)"
_COUNTED = r"(?:来|去|作|做|当|为|的)*(?:算的?|计算|补的?|给|定|核定|准|依据|基数|标准)?(?:的|吗|呢|啊)?"
_EITHER = re.compile(
    rf"{_BY}(?P<one>.{{2,10}}?){_COUNTED}[，, ]*(?:还是|或者?是?){_BY}?(?P<other>.{{2,10}}?){_COUNTED}"
)
_BASE = re.compile(
    r"(?:是|到底|那|这|算|补|奖补|补贴|计算)*(?:按照?|照|以|拿|用|看)?(?:什么|啥|哪个|哪一?块)"
    r"(?:数|钱|金额|东西|口径)?(?:来|去|作|做|当|为|算)*(?:的)?(?:基数|基准|口径|准)(?:来?算)?"
    r"(?:的)?[吗呢啊]?|"
    r"(?:补贴|奖补|计算|那个|这个)*(?:的)?(?:基数|基准|口径|计算依据)(?:是|按|指|算)*"
    r"(?:什么|啥|哪个|多少|哪些|怎么算)?[呢啊]?"
)


def counted_of(policy: Policy, text: str, asked: str = "") -> tuple[str, ...]:
    """Return the passages that say of what a share is counted (按设备算还是按总投资算, 基数是啥); () for other questions.

    Args:
        policy: the clause in focus.
        text: the message.
        asked: the last question; it chooses among passages that fit equally well.
    """
    plain = compact(text)
    if len(plain) > _LONGEST or not ("按" in plain or "还是" in plain or "基" in plain or "口径" in plain):
        return ()
    either = _EITHER.fullmatch(plain)
    if either is None and not _BASE.fullmatch(plain):
        return ()
    quotes = quotes_of(policy, [one for one in policy.amounts if one.rate is not None and one.of])
    named = [either["one"].replace("的", ""), either["other"].replace("的", "")] if either is not None else []
    fitting = [sum(_shared(word, quote) > 0 for word in named) for quote in quotes]
    if named and not any(fitting):
        return stated(policy) if _has_a_word_of(policy, named) else ()
    best = [quote for quote, fit in zip(quotes, fitting, strict=True) if fit == max(fitting)]
    near = [_shared(compact(asked), quote) for quote in best]
    return tuple(quote for quote, share in zip(best, near, strict=True) if share == max(near))


def _has_a_word_of(policy: Policy, named: list[str]) -> bool:
    """Whether the clause has a word of either choice. If not, the message is about something else."""
    return any(_shared(word, policy.text) for word in named)
