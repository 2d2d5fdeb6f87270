"""Lists the policies on a wide subject (某某方面的政策都有哪些): the parts of documents with its name in the title. Pure."""

import re
from collections.abc import Callable

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from handlers.framework.phrases import squeeze, whole
from policies.library.models import Policy
from policies.search.decision import Group, Intent
from policies.search.words.text_cache import cache_by_text
from wechat.texts import escape_typed

_LEAST = 2
_KEPT = 10_000
_KIND = r"(?:惠企|扶持|支持|优惠|相关|有关)?的?(?:政策|补贴|奖励|奖补|条款|条目|条文|项目|支持|扶持|内容)"
_FIELD = r"(?:方面|领域|这块|那块|这一块|行业|产业|类|相关|有关|这边)?的?"
_ASKED = whole(
    rf"(?P<first>[\u4e00-\u9fff]{{2,10}}?){_FIELD}{_KIND}?(?:都|一共|总共|目前|现在){{0,2}}(?:有)?(?:哪些|哪几条|什么|啥|几条|多少条|有吗){_KIND}?",
    rf"(?:都|还|现在)?有(?:哪些|哪几条|什么|啥)(?:关于)?(?P<second>[\u4e00-\u9fff]{{2,10}}?){_FIELD}{_KIND}",
)
_OF = (
    r"(?:凡是|但凡|只要|所有|全部|把|给我|帮我|请|我想看|我要|想看){0,3}"
    r"(?:跟|和|与|同|关于|有关|涉及到?|牵扯到?|牵涉到?|带着?|含着?|沾着?|讲|写到?|提到?|属于)"
)
_RELATED = (
    r"(?:沾边儿?|有关系?|相关|挂钩|搭边儿?|搭界|有联系|[两俩]?个?字(?:眼)?"
    r"|方面|这块|那块|领域|行业|一类|之类|这类|的那些|那些|这些)"
)
_LISTING = (
    r"(?:"
    r"(?:"
    r"的|都|全|统统|通通|一并|一共|总共|是|有|给我|帮我|给|我|条|政策|条款|补贴|能|来|再"
    r"){0,5}"
    r"(?:"
    r"列(?:一?列|一?下|出来?|个(?:清单|单子)|给我|全)?|"
    r"拉(?:个|一个|出来?)?(?:清单|单子|名单)?|找出来|挑出来|摆出来|"
    r"捋(?:一?捋|一?遍|一?下)?|发(?:我|给我|来)?|看看?|说说?|清单|单子|汇总|哪几条|哪几个|"
    r"哪些|几条|几个|多少条|啥|什么|有哪些"
    r")"
    r"(?:看看?|一下|一遍|瞧瞧|瞅瞅|来|出来|给我|我|个|吧|呗|呢|啊|政策|条款|补贴){0,4}"
    r")"
)
_ALL_OF = (
    re.compile(
        rf"{_OF}(?P<what>[\u4e00-\u9fff]{{1,8}}?)(?:的)?(?:{_RELATED}的?{_KIND}?{_LISTING}?|{_KIND}{_LISTING}?|{_LISTING})"
    ),
    re.compile(rf"(?:把|给我|帮我)?(?P<what>[\u4e00-\u9fff]{{1,8}}?)(?:的)?{_RELATED}的?{_KIND}?{_LISTING}"),
)
"""Asks for all clauses on a subject, in whatever words they speak of it (跟人才沾边的都列出来)."""
_NO_MATTER = re.compile(r"[我你您他它这那哪谁啥]|什么|政策|条款|补贴")
_MOST = 20


def of_sections(text: str, edition: Edition) -> Answer | None:
    """List the clauses of the parts whose title holds the subject, or the clauses whose own title does.

    Return None for fewer than two clauses.
    """
    named, is_sure = _matter_asked(text)
    if not named:
        return None
    groups = _sections(named, edition) or _titles(named, edition)
    if is_sure and sum(len(group.clauses) for group in groups) < _LEAST:
        groups = _texts(named, edition)
    keys = [key for group in groups for key in group.clauses]
    if len(keys) < _LEAST:
        return None
    heading = f"{escape_typed(named)}方面的条款，共{len(keys)}条："
    return show(
        Listing(Intent.SECTION, heading, keys, groups=groups if len(groups) > 1 else ()), edition.index
    )


def _read_matter(text: str) -> tuple[str, bool]:
    """Return the subject ("" if none), and whether the message can ask nothing else (跟人才沾边的)."""
    plain = squeeze(text)
    for shape in _ALL_OF:
        found = shape.fullmatch(plain) if plain else None
        if found is not None and not _NO_MATTER.search(found["what"]):
            return found["what"], True
    asked = _ASKED.fullmatch(plain) if plain else None
    return (asked["first"] or asked["second"], False) if asked is not None else ("", False)


_matter_asked: Callable[[str], tuple[str, bool]] = cache_by_text(_read_matter, _KEPT)


def _sections(named: str, edition: Edition) -> list[Group]:
    return [
        Group(section.title, keys)
        for document in edition.index.library.documents
        for section in document.sections
        if named in section.title
        and (keys := tuple(one.key for one in document.policies if one.section == section.number))
    ]


def _titles(named: str, edition: Edition) -> list[Group]:
    held: list[Policy] = [one for one in edition.index.library.policies if named in one.title]
    return [Group(named, tuple(one.key for one in held))] if held else []


def _texts(named: str, edition: Edition) -> list[Group]:
    """List the clauses whose keywords or text hold the subject, if they are not too many."""
    held = tuple(
        one.key
        for one in edition.index.library.policies
        if named in one.title or named in one.text or any(named in word for word in one.keywords)
    )
    return [Group(named, held)] if len(held) <= _MOST else []
