"""Questions for a yes or no (500万的项目能报吗): the words of a clause that decide, to be shown without a judgement."""

import re
from functools import lru_cache
from typing import NamedTuple

from policies.search.words.normalise import character_pairs

_YES_NO = re.compile(
    r"(?:吗|嘛|么|没有|没|不)[?？。!！\s]*$|是不是|能不能|可不可以|行不行|算不算|有没有|会不会|"
    r"可否|能否|是否|够不够|符不符合|还是只"
)
ENDS_IN_NOT = r"(?:[能有行给补报算会]|可以).{0,6}[不没][。.]?$|(?<![什怎那这要])么[。.]?$"
"""The end of a yes-or-no question whose last word is only 不 (能报一半不), as a part of other patterns."""
_PIECES = re.compile(r"[；;。\n]")
_CONDITION = re.compile(
    r"首次|再次|新(?:认定|入选|获|批|建|纳入|评|引进)|以上|以下|不少于|不低于|不超过|最高|上限|仅|"
    r"其中|属于|符合|经|未|已|须|应|除外"
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_LEAST_SHARED = 2
_LONGEST_SENTENCE = 110


def asks_yes_or_no(text: str) -> bool:
    """Whether a question waits for a yes or no."""
    return _YES_NO.search(text) is not None


def deciding_words(clause: str, question: str) -> str:
    """Return the sentence of a clause that sets a condition on the asked thing; "" if no sentence stands out.

    Args:
        clause: the text of the clause, verbatim.
        question: as it was typed, normalised.
    """
    pieces = _pieces_of(clause)
    if len(pieces) < 2:
        return ""
    asked, figures = character_pairs(question), set(_DIGITS.findall(question))
    ranked = sorted(
        (
            (len(asked & one.pairs) + 2 * len(figures & one.figures) + one.conditions / 2, one)
            for one in pieces
        ),
        key=lambda scored: -scored[0],
    )
    (best, first), (second, _) = ranked[0], ranked[1]
    stands_out = best > second and len(asked & first.pairs) >= _LEAST_SHARED
    return first.text if stands_out and len(first.text) <= _LONGEST_SENTENCE else ""


class _Piece(NamedTuple):
    """A sentence of a clause, in the form for comparing with a question. At most two of its condition words count."""

    text: str
    pairs: set[str]
    figures: set[str]
    conditions: int


@lru_cache(maxsize=1_000)
def _pieces_of(clause: str) -> tuple[_Piece, ...]:
    return tuple(
        _Piece(text, character_pairs(text), set(_DIGITS.findall(text)), min(len(_CONDITION.findall(text)), 2))
        for piece in _PIECES.split(clause)
        if (text := piece.strip())
    )
