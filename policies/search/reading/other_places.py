"""Finds other places: those outside our lists (云溪, 浦口), and those where a company only does something. Pure."""

import re
from collections.abc import Iterable, Sequence

import rjieba

from policies.search.words.vocabulary import Span, WordRole

_PLACE = "ns"
_ABROAD = re.compile(r"(?:去|到|在|往|向|对|被|卖给|销往|出口|发往|运往)$")
_WENT = re.compile(r"(?:去|往|被|卖给|销往|出口|发往|运往)$")
"""Before a place: a firm does something there. In a city of the country (在深圳开公司) it may well ask for that city's policy."""
_WHOSE = re.compile(
    r"[的有能可怎多补奖政那给要是呢吗申领拿享几什啥哪]|落户|落地|开|注册|办|创|发展|工作|上学|读|买房|投资|建厂|$"
)
"""After a place: what follows is asked of the place itself (去北京的票, 在深圳能领多少), or nothing follows."""


def unknown_place(words: Iterable[str]) -> str:
    """Return the first of some words that is the name of a place; "" if there is none."""
    for word in words:
        if len(word) > 1 and [tag for _, tag in rjieba.tag(word)] == [_PLACE]:
            return word
    return ""


def is_where(text: str, named: Sequence[Span]) -> bool:
    """Whether places are only where a company does something (去德国参加展会, 在美国租了仓库), so their policies are
    not asked for.

    Args:
        text: compact.
        named: the places in it, in their order.
    """
    starts, ends = {span.start for span in named}, {span.end for span in named}
    return all(
        (span.start in ends or _before(span).search(text, 0, span.start) is not None)
        and (span.end in starts or _WHOSE.match(text, span.end) is None)
        for span in named
    )


def _before(span: Span) -> re.Pattern[str]:
    return _ABROAD if span.roles & WordRole.FOREIGN else _WENT
