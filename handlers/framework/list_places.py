"""Reads places in a list: 第二个, 末了那条, 中间那个, 前两个, 第一跟第三个, 排第二的. Pure.

All lists use this reader: clauses on the screen, numbered tracks and answers, offers. 第二条 is not a place: a number
before 条 is the number of a clause. A place is a number from 1, negative from the end, or `MIDDLE`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from policies.numbers.numerals import as_integer
from policies.search.words.text_cache import cache_by_text

NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
LAST = -1
MIDDLE = 0
_TEXTS_KEPT = 2_000
_LONGEST_TEXT = 24
_MOST_PLACES = 20
_UNIT = r"(?:个(?!人|月|亿|企业|公司|工作日|季度)|条(?!件|例)|项(?!目)|款(?!项))"
_ONE = rf"(?:那|的|一|这){{1,2}}{_UNIT}"
_ONE_ALONE = rf"(?:{_ONE}|的(?=$|[给发看打说讲点先再最能多有是呢吧呗啊我咱]))"
"""`_ONE`, or 的 alone after a word that is hardly used of anything but a list (排头的)."""
_MANY = (
    r"(?:俩|仨|[2-9两二三四五六七八九十几](?:个|条|项|款)?+)(?:政策|条款)?+"
    r"(?!月|天|年|周|日|星期|礼拜|小时|季|批|届|次|名|强|等|位|\d|百|千|万|亿|人|企业|公司|目)"
)
_FROM = r"从(?:上|前|头)(?:面|边)?(?:往|向)(?:下|后)"
_FROM_END = r"从(?:下|后|底)(?:面|边)?(?:往|向)(?:上|前)"
PLACE = (
    rf"(?:{_FROM_END}|倒)(?:着)?数?(?:过来|上来)?的?第(?P<from_end>{NUMBER})(?:{_UNIT}|{_ONE})?"
    rf"|(?:{_FROM})?(?:排|列|数)(?:在|到)?第(?P<ranked>{NUMBER})(?:位|名)?(?:{_UNIT}|{_ONE}|的)"
    rf"|(?<![\d.月])(?P<numbered>\d{{1,2}})号(?:那|这){_UNIT}"
    rf"|(?<!没有)第(?P<at>{NUMBER})(?:那)?(?:个|项|款|问|题|行(?!业))(?!月|人|亿|企业|公司|工作日|季度|孩子|年度|阶段)"
    rf"|第(?P<joined>{NUMBER})(?=(?:和|跟|与|及|还有)(?:第|最后|末|倒数))"
    rf"|(?:最?前(?:面|边|头)?|打?头|开头|最上面)(?:那|的|这){{0,2}}(?P<foremost>{_MANY})"
    rf"|(?:最?后(?:面|边|头)?|末(?:尾|了)?|倒数|最下面|最底下)(?:那|的|这){{0,2}}(?P<hindmost>{_MANY})"
    rf"|(?P<first>前者|头(?:个|(?:里)?{_ONE})|首个"
    r"|(?:最前(?:面|边|头)?|[最紧]上(?:面|边|头)|最?顶上|最顶(?:端|头)?|打头|开头|领头|排头"
    rf"|最?靠[前上](?:面|边|头)?){_ONE_ALONE})"
    rf"|(?P<second>后者)|(?P<middle>(?:最|正|当|靠)?(?:中间|当中|居中|正中|当间儿?){_ONE_ALONE})"
    rf"|(?P<last>(?:最后(?:面|边|头)?|最?末(?:尾|了|后)?)(?:{_ONE}|个|条)|最?后尾{_ONE}"
    rf"|排(?:在|到)?最后(?:面)?(?:的|{_ONE})?"
    rf"|(?:最?尾巴?(?:上)?|排尾|[最紧][下底](?:面|边|下|头)|垫底|收尾|压轴|最?靠[后下](?:面|边|头)?){_ONE_ALONE})"
)
"""One place, or the first or last few, in a compact text. `places_of` reads the match."""
ANY_PLACE = re.sub(r"\?P<\w+>", "?:", PLACE)
"""`PLACE` without names of groups, as a part of other patterns."""
_FOUND = re.compile(PLACE)
_SPEECH = re.compile(
    r"(?:"
    # 我、帮我、请
    r"我们?|咱|给|帮|把|请|麻烦|"
    # 就、想要
    r"那就?|就|还是|想要?|要|"
    # 看看、选、说说
    r"看看?|选|点|问|来|发|说说?|讲讲?|换(?:成)?|"
    # 刚才、上面
    r"刚才|刚刚|上面|前面|"
    # 再、全都
    r"再|也|都|全|只|"
    # 和
    r"和|跟|与|及|还有|以及|"
    # 语气词
    r"吧|呢|啊|呀|了|的|哈|好|行|嘛|"
    # 一下、一遍
    r"一下|一眼|一遍|一次|下"
    r")*+"
)
_LISTED = re.compile(
    rf"第?{NUMBER}(?:(?:[、，,/和跟与及]|还有|以及)++第?{NUMBER})++(?=(?:这|那)?(?:两|三|几)?(?P<unit>个|项|款)|)"
)
_MEMBER = re.compile(NUMBER)

_T = TypeVar("_T")


def spelled_out(text: str) -> str:
    """Write each of several places in full (第2、4个 becomes 第2个第4个)."""
    return _LISTED.sub(_each, text) if "第" in text else text


def _each(listed: re.Match[str]) -> str:
    numbers = _MEMBER.findall(listed[0])
    unit = listed["unit"]
    if not unit:
        return listed[0]
    return unit.join(f"第{number}" for number in numbers) if listed[0].startswith("第") else listed[0]


def places_of(groups: Mapping[str, str | None]) -> tuple[int, ...]:
    """Return the places that a match of `PLACE` means."""
    if many := groups["foremost"]:
        return tuple(range(1, _count(many) + 1))
    if many := groups["hindmost"]:
        return tuple(range(-_count(many), 0))
    if groups["from_end"]:
        return (-(as_integer(groups["from_end"]) or 1),)
    for name, place in (("first", 1), ("second", 2), ("middle", MIDDLE), ("last", LAST)):
        if groups[name]:
            return (place,)
    at = as_integer(groups["at"] or groups["joined"] or groups["ranked"] or groups["numbered"] or "")
    return (at,) if at else ()


def _count(many: str) -> int:
    return min(how_many(many.removesuffix("政策").removesuffix("条款").rstrip("个条项款")), _MOST_PLACES)


def how_many(said: str) -> int:
    """Return the number that 俩, 仨, 几 or a numeral means; 2 if the text is none of these."""
    return {"俩": 2, "仨": 3, "几": 4}.get(said) or as_integer(said) or 2


def _read_places(text: str) -> tuple[int, ...]:
    plain = re.sub(r"[\W_]+", "", spelled_out(text)) if len(text) <= _LONGEST_TEXT else ""
    places: list[int] = []
    at = 0
    for found in _FOUND.finditer(plain):
        if _SPEECH.fullmatch(plain, at, found.start()) is None:
            return ()
        places += places_of(found.groupdict())
        at = found.end()
    return tuple(places) if places and _SPEECH.fullmatch(plain, at) is not None else ()


read_places: Callable[[str], tuple[int, ...]] = cache_by_text(_read_places, _TEXTS_KEPT)
"""Return the places that the whole message names; () if it says anything else."""


def standing_at(place: int, among: Sequence[_T]) -> Sequence[_T]:
    """Return what stands at a place of a list. The middle of an even number is two things. Beyond the ends it is nothing."""
    if place == MIDDLE:
        return among[(len(among) - 1) // 2 : len(among) // 2 + 1] if among else ()
    at = place - 1 if place > 0 else len(among) + place
    return among[at : at + 1] if at >= 0 else ()


def all_standing_at(places: Sequence[int], among: Sequence[_T]) -> list[_T]:
    """Return what stands at any of some places of a list, in their order, each once."""
    return list(dict.fromkeys(one for place in places for one in standing_at(place, among)))


def numbers_said(words: str, count: int) -> str:
    """Return the numbers that places mean in a list of `count` (第二个, 前两个); "" if the words are not places."""
    return " ".join(map(str, all_standing_at(read_places(words), range(1, count + 1))))
