"""What people typed is text in a spreadsheet, never a formula."""

import pytest

from storage.files.spreadsheets import escape_formula, unescape_formula
from tests.kit.properties import given, st


@pytest.mark.parametrize(
    "typed", ["=1+1", "+86", "-2", "@A1", "\t=1", "\r=1", "\n=1", "＝1+1", "＠SUM", "=cmd|' /C calc'!A0"]
)
def test_a_formula_is_led_by_an_apostrophe(typed: str) -> None:
    assert escape_formula(typed) == f"'{typed}"


@given(st.text().filter(lambda text: not text.startswith("'")))
def test_it_comes_back_as_it_was_typed(typed: str) -> None:
    assert unescape_formula(escape_formula(typed)) == typed
    assert not escape_formula(typed).startswith(("=", "+", "-", "@", "\t", "\r"))
