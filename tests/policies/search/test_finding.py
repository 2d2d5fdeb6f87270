"""Rules that hold for every title, number and keyword of the real library."""

from collections.abc import Callable

import opencc
import pytest
from pypinyin import lazy_pinyin

from policies.library.library import Library
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from tests.kit.properties import examples, given, st
from tests.policies.search.conftest import leads


def test_each_title_finds_its_own_clause_first(index: PolicyIndex, library: Library) -> None:
    misses = [p.title for p in library.policies if index.decide(p.title).clauses[:1] != (p.key,)]
    assert misses == []


@pytest.mark.parametrize("form", ["{}", "第{}条", "政策{}", "看下第{}条", "请问一下第{}条是什么"])
def test_each_number_finds_its_clause(index: PolicyIndex, library: Library, form: str) -> None:
    for policy in library.policies:
        assert index.decide(form.format(policy.key)).clauses == (policy.key,)


def _misses(
    index: PolicyIndex, exact_matches: dict[str, set[int]], as_typed: Callable[[str], str]
) -> list[str]:
    return [
        keyword for keyword, ids in exact_matches.items() if not leads(index.decide(as_typed(keyword)), ids)
    ]


def test_a_keyword_brings_all_its_clauses_before_any_other(
    index: PolicyIndex, exact_matches: dict[str, set[int]]
) -> None:
    assert _misses(index, exact_matches, str) == []


def test_also_with_a_polite_wrapper(index: PolicyIndex, exact_matches: dict[str, set[int]]) -> None:
    assert _misses(index, exact_matches, "您好，请问一下{}，谢谢".format) == []


def test_also_in_traditional_characters(index: PolicyIndex, exact_matches: dict[str, set[int]]) -> None:
    assert _misses(index, exact_matches, opencc.OpenCC("s2t").convert) == []


def test_also_in_typed_pinyin(index: PolicyIndex, exact_matches: dict[str, set[int]]) -> None:
    """Terms of three or more characters; of terms that sound alike either may be meant."""
    spelt = {
        keyword: "".join(lazy_pinyin(keyword))
        for keyword in exact_matches
        if len(keyword) >= 3 and all("\u4e00" <= character <= "\u9fff" for character in keyword)
    }
    sounds = list(spelt.values())
    single = {keyword: exact_matches[keyword] for keyword, sound in spelt.items() if sounds.count(sound) == 1}
    assert _misses(index, single, spelt.__getitem__) == []


@examples(300)
@given(st.text(max_size=400))
def test_whatever_is_typed_gets_a_decision_with_real_clauses(index: PolicyIndex, text: str) -> None:
    decision = index.decide(text)
    assert all(index.policy(number) for number in decision.clauses)
    if decision.intent is Intent.NONE:
        assert decision.clauses == ()


@examples(200)
@given(st.text(alphabet="第条和、到百千万元%0123456789一二三十最高以上超过不 政策部分", max_size=40))
def test_figures_in_any_order_are_read_without_error(index: PolicyIndex, text: str) -> None:
    index.decide(text)


def test_a_decision_tells_its_reasons(index: PolicyIndex) -> None:
    stages = {reason.stage for reason in index.decide("租GPU算力有券吗").reasons}
    assert {"normalise", "words", "explained", "ranking", "judgement"} <= stages


def test_clauses_near_a_clause_are_other_clauses(index: PolicyIndex) -> None:
    assert 28 in index.related(27)
    assert all(number not in index.related(number) for number in range(1, 50))


def test_a_sum_keeps_its_decimal_point(index: PolicyIndex) -> None:
    found = index.find("投了1.5亿买设备，按7.5%能给多少")
    assert (found.question.sums, found.question.shares) == ((150_000_000,), (750,))
