"""One character typed for another that sounds the same: every term still finds its clauses first.

A swap is any common character (the 3,755 of the first level of GB 2312) whose own reading is the syllable,
tone aside, that is spoken there in the term; at any place of any term.

Left out are swaps that may be meant as typed: those that make another term of the document; those that make
a term of two characters another word of everyday use (计划 for 技划), by the segmenter's dictionary; and those
that make a term begin or end with a word of speech, so that the rest is another term (喂入库企业).
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest
import rjieba
from pypinyin import lazy_pinyin

from policies.library.library import Library
from policies.search.index import PolicyIndex
from policies.search.words.language import load_language
from policies.search.words.normalise import Wrapper, compact
from tests.policies.search.conftest import leads

_SWAPS = 6_000
"""Swaps tried, of some 75,000."""
_PARTS = 4
"""Several workers share them."""


def _alike() -> dict[str, list[str]]:
    """The common characters by their syllable."""
    codes = ((high, low) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    alike = defaultdict(list)
    for code in codes:
        character = bytes(code).decode("gb2312", "ignore")
        if character:
            alike[lazy_pinyin(character)[0]].append(character)
    return alike


def _swaps(term: str, alike: Mapping[str, list[str]]) -> Iterator[str]:
    for at, syllable in enumerate(lazy_pinyin(term, errors=list)):
        for other in alike.get(syllable, ()):
            if other != term[at]:
                yield term[:at] + other + term[at + 1 :]


@pytest.fixture(scope="module")
def expected(index: PolicyIndex, library: Library, exact_matches: dict[str, set[int]]) -> dict[str, set[int]]:
    """The clauses each term brings: of a keyword or title those that carry it, of a synonym in a title the first."""
    titles = {compact(policy.title).lower(): {policy.key} for policy in library.policies}
    concepts = load_language().synonyms.concepts
    words = {compact(word).lower() for concept in concepts for word in (*concept.says, *concept.means)}
    within = {word for word in words if len(word) > 1 and any(word in title for title in titles)}
    found = {word: set(index.decide(word).clauses[:1]) for word in within}
    return {word: ids for word, ids in found.items() if ids} | titles | exact_matches


@pytest.fixture(scope="module")
def swaps(expected: dict[str, set[int]]) -> list[tuple[str, str]]:
    """Terms, and what is typed for them."""
    alike = _alike()
    found = sorted((term, typed) for term in expected for typed in _swaps(term, alike))
    return random.Random(1).sample(found, _SWAPS)


@pytest.mark.parametrize("part", range(_PARTS))
def test_a_term_with_one_homophone_finds_its_clauses_first(
    index: PolicyIndex, expected: dict[str, set[int]], swaps: list[tuple[str, str]], part: int
) -> None:
    unwrap = Wrapper(load_language().language.fillers).unwrap
    misses = [
        (term, typed)
        for term, typed in swaps[part::_PARTS]
        if not leads(index.decide(typed), expected[term])
        and typed not in expected
        and unwrap(typed) not in expected
        and not (len(typed) == 2 and rjieba.cut(typed, hmm=False) == [typed])
    ]
    assert misses == []
