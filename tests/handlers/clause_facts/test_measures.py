"""A measure of one's own beside the bound of a clause, and what a share is counted of; other questions are neither."""

import pytest

from handlers.clause_facts.measures import beside_bound, counted_of
from policies.library.library_file import load_library

[AQUACULTURE] = load_library().labelled("38")
[RENOVATION] = load_library().labelled("22")


@pytest.mark.parametrize(
    ("text", "bound", "said"),
    [
        ("我这95亩够格不", "200 亩", "您说的95亩，没有达到条文写的200亩以上。"),
        ("池塘三百亩能算吗", "200 亩", "您说的三百亩，够得上条文写的200亩以上。"),
        ("我们才120亩", "200 亩", "您说的120亩，没有达到条文写的200亩以上。"),
        ("工船8000吨行不行", "5000 吨", "您说的8000吨，够得上条文写的5000吨以上。"),
        ("水体2万方行吗", "1 万立方米", "您说的2万方，够得上条文写的1万立方米以上。"),
    ],
)
def test_a_measure_is_held_against_the_bound_of_its_unit(text: str, bound: str, said: str) -> None:
    passage, compared = beside_bound(AQUACULTURE, text)
    assert bound in passage
    assert compared == said


@pytest.mark.parametrize(
    "text", ["120亩能补多少", "投了3000万行不行", "差20亩行不行", "200亩以上才行吗", "10家行吗", "每亩给几千"]
)
def test_a_sum_a_difference_or_another_unit_is_held_against_nothing(text: str) -> None:
    assert beside_bound(AQUACULTURE, text) == ()


def test_a_clause_without_a_bound_compares_nothing() -> None:
    assert beside_bound(RENOVATION, "我这80亩够格不") == ()


@pytest.mark.parametrize(
    "text", ["是按设备投入算还是按总投资算", "到底看设备款还是看总投资", "按总投资还是按设备投资额计算"]
)
def test_a_choice_of_bases_is_told_in_the_words_of_the_clause(text: str) -> None:
    assert "配套设备投资额" in counted_of(AQUACULTURE, text)[0]


@pytest.mark.parametrize("text", ["基数是啥", "拿什么当基数", "按哪个口径算的"])
def test_what_a_share_is_of_is_told(text: str) -> None:
    assert "年度设备投资额" in counted_of(RENOVATION, text)[0]


@pytest.mark.parametrize(
    "text", ["按季度申请还是按年申请", "我去现场还是寄过去", "按时交材料", "基本条件有哪些"]
)
def test_other_choices_are_of_no_base(text: str) -> None:
    assert counted_of(RENOVATION, text) == ()
