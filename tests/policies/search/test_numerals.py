"""Numerals of parts and paragraphs, both ways."""

import pytest
from cn2an import an2cn

from policies.search.numerals import as_integer, in_chinese


@pytest.mark.parametrize("number", range(1, 100))
def test_a_number_is_written_as_printed_and_read_back(number: int) -> None:
    assert in_chinese(number) == an2cn(number)
    assert as_integer(in_chinese(number)) == number


@pytest.mark.parametrize("number", [0, 100])
def test_a_number_no_part_bears_stays_in_digits(number: int) -> None:
    assert in_chinese(number) == str(number)
