"""From which size on a clause gives, in its own words; a question of a sum is none of size."""

import pytest

from handlers.clause_facts.minimum_sizes import of_threshold
from policies.library.library_file import load_library

[AQUACULTURE] = load_library().labelled("38")


@pytest.mark.parametrize(
    ("text", "asked", "size"),
    [
        ("得多少亩才算", "池塘改造一亩最多", "200 亩"),
        ("最少得有多大", "池塘改造一亩最多", "200 亩"),
        ("多少方才算", "桁架的呢", "1 万立方米"),
        ("工船多大吨位才行", "桁架的呢", "5000 吨"),
    ],
)
def test_a_size_is_told_of_what_was_spoken_of(text: str, asked: str, size: str) -> None:
    [piece] = of_threshold(AQUACULTURE, text, asked)
    assert size in piece


@pytest.mark.parametrize("text", ["一亩最多多少", "最少能拿多少", "多少钱才算大额", "一亩补几千"])
def test_a_question_of_a_sum_is_none(text: str) -> None:
    assert of_threshold(AQUACULTURE, text, "池塘改造") == ()


def test_each_thing_that_was_listed_has_its_size_told() -> None:
    asked = "养殖工船、桁架类装备、活鱼运输船各最高补多少"
    pieces = of_threshold(AQUACULTURE, "前面两样要多大的才行", asked)
    assert ["5000 吨" in piece or "1 万立方米" in piece for piece in pieces] == [True, True]
