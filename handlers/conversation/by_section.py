"""Which policies there are of a wide matter (某某方面的政策都有哪些): the parts of the documents that bear its name. Pure."""

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from handlers.framework.phrases import squeeze, whole
from policies.library.models import Policy
from policies.search.decision import Group, Intent
from wechat.texts import escape_typed

_LEAST = 2
_KIND = r"(?:惠企|扶持|支持|优惠|相关|有关)?的?(?:政策|补贴|奖励|奖补|条款|项目|支持|扶持|内容)"
_FIELD = r"(?:方面|领域|这块|那块|这一块|行业|产业|类|相关|有关|这边)?的?"
_ASKED = whole(
    rf"(?P<first>[\u4e00-\u9fff]{{2,10}}?){_FIELD}{_KIND}?(?:都|一共|总共|目前|现在){{0,2}}(?:有)?(?:哪些|哪几条|什么|啥|几条|多少条|有吗){_KIND}?",
    rf"(?:都|还|现在)?有(?:哪些|哪几条|什么|啥)(?:关于)?(?P<second>[\u4e00-\u9fff]{{2,10}}?){_FIELD}{_KIND}",
)


def of_sections(text: str, edition: Edition) -> Answer | None:
    """The clauses of the parts whose title holds what is asked for, else those whose own title does; None for fewer than two."""
    plain = squeeze(text)
    asked = _ASKED.fullmatch(plain) if plain else None
    if asked is None:
        return None
    named = asked["first"] or asked["second"]
    groups = _sections(named, edition) or _titles(named, edition)
    keys = [key for group in groups for key in group.clauses]
    if len(keys) < _LEAST:
        return None
    heading = f"{escape_typed(named)}方面的条款，共{len(keys)}条："
    return show(
        Listing(Intent.SECTION, heading, keys, groups=groups if len(groups) > 1 else ()), edition.index
    )


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
