"""Numerals as they are written and as they are said, both ways."""

from decimal import Decimal

import pytest

from policies.numbers.numerals import as_integer, value_of, with_digits
from policies.numbers.written import in_chinese
from tests.kit.properties import given, st
from tests.policies.numbers.spelling import SPELLINGS, spelt


@pytest.mark.parametrize("number", range(1, 1_000))
def test_a_number_is_read_back_as_it_is_written(number: int) -> None:
    assert as_integer(in_chinese(number)) == number


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (45, "四十五")]
)
def test_a_number_is_written_as_parts_bear_it(number: int, written: str) -> None:
    assert in_chinese(number) == written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("１２", 12),
        ("1.0", 1),
        ("1.5", None),
        ("十", 10),
        ("二十二", 22),
        ("四十九", 49),
        ("三〇", 30),
        ("一百零五", 105),
        ("一百十二", 112),
        ("两千", 2000),
        ("二〇二六", 2026),
        ("贰拾贰", 22),
        ("十万", 100_000),
        ("一亿二千三百万", 123_000_000),
        ("三万亿", 3 * 10**12),
        ("", None),
        ("万", None),
        ("百千", None),
        ("千百", None),
        ("二二万", None),
        ("三万五", None),
        ("一亿二千", None),
        ("半亿", None),
        ("甲", None),
        ("9" * 5_000, None),
    ],
)
def test_a_written_numeral_is_one_exact_number_or_none(text: str, number: int | None) -> None:
    assert as_integer(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三万五", 35_000),
        ("一百二", 120),
        ("三万零五", 30_005),
        ("一亿二千", 120_000_000),
        ("1亿2", 120_000_000),
        ("3万5000", 35_000),
        ("百万", 1_000_000),
        ("半亿", 50_000_000),
        ("两半亿", 250_000_000),
        ("十二点五亿", 1_250_000_000),
        ("1.25", Decimal("1.25")),
        ("千百", None),
        ("七八百", None),
    ],
)
def test_who_speaks_leaves_out_the_last_scale(text: str, number: int | Decimal | None) -> None:
    assert value_of(text, said=True) == number


def test_only_numerals_of_a_text_become_digits() -> None:
    assert with_digits("提前七天，千百种") == "提前7天，千百种"


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(number=st.integers(1, 10**13 - 1))
def test_a_number_in_any_spelling_is_read_back(spelling: str, number: int) -> None:
    written = spelt(number, spelling)
    assert value_of(written) == number
    assert value_of(written, said=True) == number


@given(st.text("0123456789零〇一二两三九十百千万亿w半点.,壹拾佰", max_size=30))
def test_whatever_is_no_numeral_breaks_nothing(text: str) -> None:
    for said in (False, True):
        value = value_of(text, said=said)
        assert value is None or value >= 0
