"""Denials: what a person is not or has not (没进科技型中小企业的库), and the clauses that are for those (未入信息库企业)."""

import re
from collections.abc import Iterable, Iterator, Mapping

from policies.library.models import Policy
from policies.search.words.normalise import character_pairs, compact

_DENIED = re.compile(
    r"(?<![有能])(?:还没|尚未|没有|没能|没被|没|未|不属于|不是|不在|不算|非)(?P<what>[^,，。;；?？!！、\n(（)）]{2,16})"
)
_DENYING = re.compile("[没未不非]")
_FIRST_DENIED = re.compile(
    r"(?:我们|我司|公司|企业|项目|厂|这个){0,3}+(?:不是|不属于|不算)[^,，。;；?？!！、\n吗]{3,16}[,，。](?=.)"
)
_QUOTES = re.compile(r"[“”\"‘’《》]")
_PIECES = re.compile(r"[。;；\n]")
_LEAST_SHARED = 3
"""Pairs of characters of a denied thing that question and clause must share: a thing of four characters."""


class Denials:
    """What each clause denies."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._denied: Mapping[int, list[set[str]]] = {
            policy.key: denied for policy in policies if (denied := list(_denied(policy.text)))
        }

    def shared(self, text: str) -> set[int]:
        """Return the clauses that deny what a normalised text denies."""
        asked = list(_denied(text))
        if not asked:
            return set()
        return {
            key
            for key, denied in self._denied.items()
            if any(len(one & other) >= _LEAST_SHARED for one in asked for other in denied)
        }

    def besides(self, text: str) -> str:
        """Return what a text asks after it says what somebody is not (不是海水淡化项目，…).

        Return the whole text if a clause is for those, or if the text begins in another way.
        """
        first = _FIRST_DENIED.match(text)
        return text[first.end() :] if first and not self.shared(text) else text


def _denied(text: str) -> Iterator[set[str]]:
    """Yield the pairs of characters of each thing that a text denies."""
    if not _DENYING.search(text):
        return
    for piece in _PIECES.split(text):
        for found in _DENIED.finditer(_QUOTES.sub("", piece)):
            yield character_pairs(compact(found["what"]).lower())
