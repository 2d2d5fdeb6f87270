"""What people typed is text in a spreadsheet, never a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.files.spreadsheets import as_typed, harmless


@pytest.mark.parametrize("typed", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_a_formula_is_led_by_an_apostrophe(typed: str) -> None:
    assert harmless(typed) == f"'{typed}"


@given(st.text().filter(lambda text: not text.startswith("'")))
def test_it_comes_back_as_it_was_typed(typed: str) -> None:
    assert as_typed(harmless(typed)) == typed
    assert not harmless(typed).startswith(("=", "+", "-", "@", "\t", "\r"))
