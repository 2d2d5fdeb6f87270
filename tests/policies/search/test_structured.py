"""Questions that name clauses by number, part, department, sum, track or office."""

import pytest

from policies.library.library import Library
from policies.library.models import Amount, AmountKind
from policies.numbers.numerals import as_integer
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.reading.numbers import read_clauses, read_sections
from policies.search.reading.sums import Comparison, read_sum, states


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("二十二", 22),
        ("十", 10),
        ("四十九", 49),
        ("三〇", 30),
        ("两百", 200),
        ("7", 7),
        ("千百", None),
        ("1.5", None),
    ],
)
def test_numerals(typed: str, number: int | None) -> None:
    assert as_integer(typed) == number


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("22", (22,)),
        ("二十二", (22,)),
        ("第22条", (22,)),
        ("政策22", (22,)),
        ("政策十二", (12,)),
        ("22和45", (22, 45)),
        ("22条和29条分别是啥", (22, 29)),
        ("22、45", (22, 45)),
        ("3到5", (3, 4, 5)),
        ("第22条最高多少", (22,)),
        ("第二十条和第三十条", (20, 30)),
        ("15号政策", (15,)),
        ("第22条第2款", (22,)),
        ("第二十二条第二项怎么说", (22,)),
        ("第22条第1款、第2款和第10条", (22, 10)),
        ("第7条和第8项", (7, 8)),
    ],
)
def test_clause_numbers_are_read_in_every_way(typed: str, numbers: tuple[int, ...]) -> None:
    read = read_clauses(typed)
    assert read is not None
    assert read.numbers == numbers


@pytest.mark.parametrize(
    "typed", ["前10位的平台", "5g工厂", "2025年政策", "200亩池塘", "一次性奖励", "最高100万"]
)
def test_other_figures_are_no_clause_numbers(typed: str) -> None:
    assert read_clauses(typed) is None


@pytest.mark.parametrize(
    ("typed", "number"), [("第五部分", 5), ("第四节", 4), ("第三章讲啥", 3), ("部分九", 9)]
)
def test_part_numbers(typed: str, number: int) -> None:
    read = read_sections(typed)
    assert read is not None
    assert read.numbers == (number,)


@pytest.mark.parametrize(
    ("typed", "comparison", "yuan"),
    [
        ("最高2000万的有哪些", Comparison.CAP, 20_000_000),
        ("奖励100万以上", Comparison.AT_LEAST, 1_000_000),
        ("超过一千万", Comparison.OVER, 10_000_000),
        ("不超过500万", Comparison.AT_MOST, 5_000_000),
        ("不大于500万", Comparison.AT_MOST, 5_000_000),
        ("50万以内", Comparison.AT_MOST, 500_000),
        ("不到两百万", Comparison.UNDER, 2_000_000),
        ("1千万的", Comparison.EQUAL, 10_000_000),
        ("给600w", Comparison.EQUAL, 6_000_000),
        ("一百五十万元", Comparison.EQUAL, 1_500_000),
        ("每吨800元", Comparison.EQUAL, 800),
        ("1点5亿以上", Comparison.AT_LEAST, 150_000_000),
        ("两个亿以上", Comparison.AT_LEAST, 200_000_000),
        ("几十万以上的", Comparison.AT_LEAST, 100_000),
        ("超过几百万的", Comparison.OVER, 1_000_000),
        ("不设上限", Comparison.UNCAPPED, 0),
        ("按12%补", Comparison.SHARE, 1200),
        ("百分之三十", Comparison.SHARE, 3000),
    ],
)
def test_sums_with_comparisons(typed: str, comparison: Comparison, yuan: int) -> None:
    asked = read_sum(typed)
    assert asked is not None
    assert (asked.comparison, asked.low) == (comparison, yuan)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("最高2000万的有哪些", "最高2000万元"),
        ("三千来万的", "约3000万元"),
        ("三千来万以上的", "约3000万元以上"),
        ("500到800万的", "500万元至800万元"),
        ("500万和800万之间", "500万元至800万元"),
        ("最高500到800万", "最高500万元至800万元"),
        ("500到800万以下", "800万元以下"),
        ("几百万以内", "1000万元以下"),
        ("1点5%的", "比例1.5%"),
    ],
)
def test_what_was_understood_is_shown_in_words(typed: str, shown: str) -> None:
    asked = read_sum(typed)
    assert asked is not None
    assert asked.in_words == shown


@pytest.mark.parametrize("typed", ["给几十万", "能补几百万", "千万别删", "公司一成立就补"])
def test_what_asks_how_much_or_begs_names_no_sum(typed: str) -> None:
    assert read_sum(typed) is None


@pytest.mark.parametrize(
    ("typed", "fitting"),
    [
        ("三千来万的", {27_000_000, 30_000_000, 33_000_000}),
        ("五百多万的", {5_000_000, 5_999_999}),
        ("最高五百来万的", {4_500_000, 5_500_000}),
        ("500到800万的", {5_000_000, 8_000_000}),
    ],
)
def test_of_about_a_sum_whatever_may_be_meant_fits(typed: str, fitting: set[int]) -> None:
    asked = read_sum(typed)
    assert asked is not None
    sums = (4_499_999, *sorted(fitting), 33_000_001)
    maximum = {cny for cny in sums if states(Amount(kind=AmountKind.MAX, max_cny=cny, quote=""), asked)}
    assert maximum == fitting


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("单项最高2000万的有哪些", {22, 26}),
        ("最高2000万的政策", {22, 26}),
        ("最高1500万的是哪条", {38}),
        ("最高1000万的政策", {3, 15, 30, 38, 39, 45}),
        ("1000万以上的政策", {3, 15, 22, 24, 26, 30, 38, 39, 45}),
        ("超过1000万的", {22, 26, 38}),
        ("不设上限的政策", {3}),
        ("奖得最多的是哪条", {22, 26}),
        ("区科协10万以上的", {32}),
    ],
)
def test_sum_questions_bring_all_their_clauses(index: PolicyIndex, typed: str, ids: set[int]) -> None:
    decision = index.decide(typed)
    assert decision.intent is Intent.AMOUNT
    assert set(decision.clauses) == ids


def test_the_pool_shared_by_all_is_nobodys_sum(index: PolicyIndex) -> None:
    assert 46 not in index.decide("150万以上的有哪些").clauses


def test_every_department_brings_exactly_its_clauses(index: PolicyIndex, library: Library) -> None:
    for name in {name for policy in library.policies for name in policy.departments}:
        decision = index.decide(f"{name}负责哪些")
        assert decision.intent is Intent.DEPARTMENT, name
        assert set(decision.clauses) == {p.key for p in library.policies if name in p.departments}, name


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("区市场监管局", {16, 31}),
        ("市监局管哪些", {16, 31, 43, 47}),
        ("区海洋发展局", {4, 14, 34}),
        ("市海洋发展局", set(range(35, 50))),
        ("市卫健委", {43}),
        ("古镇口管委负责哪些", {26, 28}),
        ("税务局管什么", {13, 17, 19}),
        ("西海岸新区财政局", {2, 20, 25, 28}),
    ],
)
def test_departments_by_what_people_call_them(index: PolicyIndex, typed: str, ids: set[int]) -> None:
    assert set(index.decide(typed).clauses) == ids


def test_a_bare_name_shows_both_levels_grouped(index: PolicyIndex) -> None:
    groups = {group.heading: set(group.clauses) for group in index.decide("海洋发展局").groups}
    assert groups == {"区海洋发展局": {4, 14, 34}, "市海洋发展局": set(range(35, 50))}


def test_a_department_no_clause_names_brings_none(index: PolicyIndex) -> None:
    assert index.decide("省财政局的政策").intent is Intent.NONE


@pytest.mark.parametrize(
    "typed",
    [
        "涉密的政策怎么看",
        "2520项产品在哪查",
        "古镇口管委电话多少",
        "先进技术产品查询申请表在哪下载",
        "融合路681号",
    ],
)
def test_what_the_document_withholds_goes_to_the_query_office(index: PolicyIndex, typed: str) -> None:
    assert index.decide(typed).intent is Intent.CONTACT


@pytest.mark.parametrize("typed", ["第88条", "第五十条", "第十三部分", "666"])
def test_numbers_that_no_clause_has_bring_none(index: PolicyIndex, typed: str) -> None:
    assert index.decide(typed).intent is Intent.NONE


def test_every_track_brings_exactly_its_clauses(index: PolicyIndex, library: Library) -> None:
    for track in index.tracks.tracks:
        decision = index.decide(f"{track.name}赛道")
        assert decision.intent is Intent.TRACK, track.name
        assert set(decision.clauses) == {p.key for p in library.policies if track.id in p.tracks}
