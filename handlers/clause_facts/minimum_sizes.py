"""Finds what a clause counts, and the minimum size it asks for: 一年认定几家, 得多大的船才算, 得多少亩才算. Verbatim. Pure."""

import re
from itertools import islice

from handlers.clause_facts.passages import PIECES
from policies.library.models import Policy
from policies.search.words.normalise import compact

_MOST = 3
_UNIT_ASKED = re.compile(
    r"(?:几|多少)(?:个)?(?P<unit>家|名|人|次|吨|亩|户|台|艘|批|年|平方|立方)"
    r"|多[大少高长](?:的)?(?P<of>体积|水体|面积|规模|人数|年限|吨位)"
)
_UNITS_OF = {
    "体积": ("立方",),
    "水体": ("立方",),
    "面积": ("亩", "平方"),
    "规模": ("亩", "立方", "平方", "吨"),
    "人数": ("人", "名"),
    "年限": ("年",),
    "吨位": ("吨",),
}
_COUNTED = re.compile(r"[\d一二三四五六七八九十百千万](?P<unit>家|名|人|次|吨|亩|户|台|艘|批|年|平方|立方)")


def of_unit(policy: Policy, text: str) -> tuple[str, ...]:
    """Find the pieces of a clause with a number of the counted thing (一年认定几家 finds 认定20家)."""
    asked = _UNIT_ASKED.search(compact(text))
    if asked is None:
        return ()
    units = _UNITS_OF.get(asked["of"] or "", (asked["unit"],))
    held = (
        piece.strip()
        for piece in PIECES.findall(policy.text)
        if any(found["unit"] in units for found in _COUNTED.finditer(compact(piece)))
    )
    return tuple(islice(held, _MOST))


_HOW_MANY = re.compile(
    r"(?:一共|总共|合计|全部|每年|一年|每批|首批|今年|最多|大概|到底|能|会|要|只|就|才|都|全市|全区)*"
    r"(?:认定?|评选?|选|定|给|发|扶持|支持|奖励?|遴选|批|招|收|有)?(?:上|出)?(?:多少|几)(?:个|家|户|名)"
    r"(?:企业|公司|单位|平台|名额)?(?:能|可以)?(?:评上|拿到?|入选|选上)?[吗呢啊呀]?|"
    r"(?:有|给|放)?(?:多少|几)个?名额|(?:有没有|有)?名额(?:限制|上限)?(?:吗|没有?|多少|有几个|有多少)?"
)
_RECEIVERS = re.compile(r"[\d一二三四五六七八九十百](?:家|户|名|个(?=企业|项目|平台|单位))|名额")


def asks_how_many(text: str) -> bool:
    """Whether a message only asks how many companies or projects get something (一共认多少家), not how much."""
    return _HOW_MANY.fullmatch(compact(text)) is not None


def how_many(policy: Policy) -> tuple[str, ...]:
    """Return the pieces of a clause that tell how many companies or projects get something."""
    held = (piece.strip() for piece in PIECES.findall(policy.text) if _RECEIVERS.search(compact(piece)))
    return tuple(islice(held, _MOST))


_MEASURE = re.compile(
    # 多大
    r"多[大小高低长重]|[大小]了|[大小](?:点|些)|"
    # 够不够、至少
    r"够不够|门槛|起步|起点|至少|最少|最低|"
    # 规模、面积
    r"规模|吨位|面积|体积|大小|级别|"
    # 几千
    r"[几多少](?:千|百|十)+|[大中小](?=型|船|厂|塘)"
)
_BOUND = re.compile(
    r"(?:\d|[一二两三四五六七八九十百千万])[^，,。；;]{0,8}?(?:以上|以内|及以上|起)|"
    r"(?:不少于|不低于|不小于|达到|超过|满)[^，,。；;]{0,3}?\d"
)


def of_bound(policy: Policy, text: str) -> tuple[str, ...]:
    """Find the pieces of a clause that state a minimum size (得多大的船才算); () if the message does not ask for it."""
    plain = compact(text)
    if _MEASURE.search(plain) is None:
        return ()
    held = [piece.strip() for piece in PIECES.findall(policy.text) if _BOUND.search(piece)]
    named = set(_NAMED_NOTHING.sub("", _MEASURE.sub("", plain)))
    alike = [piece for piece in held if named.intersection(compact(piece))]
    return tuple((alike if named else held)[:_MOST])


_UNITS_SAID = {"方": ("立方", "平方"), "平": ("平方",)}
_THRESHOLD = re.compile(
    r"(?:多少|几|多大|多高|多长|多重)(?!钱|万|元|块)(?:个)?"
    r"(?P<unit>亩|吨|立方|平方|方|平|人|名|家|台|艘|年|岁|级|公里)?(?:米|的)?"
    r"(?:规模|面积|体积|吨位|水体|人)?"
    r"(?:才|就|起步|起(?![来点])|够|以上|算|达标|门槛|及格|能报|能拿)|"
    r"(?:至少|最少|最低|起码|要求|得|要|需要){1,2}(?:有|要|是|得|达到|满){0,2}"
    r"(?:多少|几|多大|多高)(?!钱|万|元|块)(?:个)?"
    r"(?P<unit2>亩|吨|立方|平方|方|平|人|名|家|台|艘|年)?"
    r"(?:(?:规模|面积|体积|吨位|水体)?(?:才.{1,3}|以上))?$|"
    r"(?:要求|门槛)(?:是)?多(?:少|大|高)$"
)
"""Asks for a minimum size (得多少亩才算, 至少多大), not for a sum."""


def of_threshold(policy: Policy, text: str, asked: str) -> tuple[str, ...]:
    """Find the pieces of a clause that state a minimum size, for a question such as 得多少亩才算; () for other messages.

    Args:
        policy: the clause.
        text: the message.
        asked: the last question. It chooses among the pieces if the message names nothing itself.
    """
    plain = compact(text)
    question = _THRESHOLD.search(plain)
    if question is None:
        return ()
    unit = question["unit"] or question["unit2"] or ""
    units = _UNITS_SAID.get(unit, (unit,))
    held_pieces = [
        piece.strip()
        for piece in PIECES.findall(policy.text)
        if _BOUND.search(piece) and any(one in compact(piece) for one in units)
    ]
    named = set(_NAMED_NOTHING.sub("", plain))
    alike = [piece for piece in held_pieces if len(named.intersection(compact(piece))) > 1]
    return tuple(_of_each_named(alike or held_pieces, asked)[:_MOST])


def _of_each_named(pieces: list[str], asked: str) -> list[str]:
    """Return the pieces that share most with each thing that a question lists (养殖工船、桁架类装备各补多少)."""
    found = [_first_of(pieces, compact(name)) for name in asked.split("、")]
    nearest = dict.fromkeys(piece for some in found if len(some) < len(pieces) for piece in some)
    return list(nearest) or pieces


def _first_of(pieces: list[str], asked: str) -> list[str]:
    """Return the pieces that share most with a question; all of them if they are equal."""
    shared = [sum(asked[at : at + 2] in compact(piece) for at in range(len(asked) - 1)) for piece in pieces]
    return [piece for piece, count in zip(pieces, shared, strict=True) if count == max(shared)]


_NAMED_NOTHING = re.compile(
    r"至少|起码|要求|说法|规定|一般|具体|什么|多少|才能|可以|"
    r"[的得是要有能才算给补行不够吗呢啊呀吧了么啥几千百十吨亩米个才报拿到也还就这那条里]"
)
