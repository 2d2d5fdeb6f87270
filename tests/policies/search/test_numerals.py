"""Numerals of parts and paragraphs, both ways."""

import pytest

from policies.search.reading.numerals import as_integer, in_chinese


@pytest.mark.parametrize("number", range(1, 1_000))
def test_a_number_is_read_back_as_it_is_written(number: int) -> None:
    assert as_integer(in_chinese(number)) == number


@pytest.mark.parametrize(
    ("number", "written"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (45, "四十五")]
)
def test_a_number_is_written_as_parts_bear_it(number: int, written: str) -> None:
    assert in_chinese(number) == written
