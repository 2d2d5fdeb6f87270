"""Working days in China: holidays, shifted weekends, and years whose notice isn't out."""

from datetime import date

import pytest

from storage.working_days import calendar_warning, is_working_day, unpublished, working_day_on_or_before


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),  # a Tuesday
        (date(2026, 11, 22), date(2026, 11, 20)),  # a Sunday
        (date(2026, 10, 7), date(2026, 9, 30)),  # the last day of the National Day week
        (date(2026, 2, 14), date(2026, 2, 14)),  # a Saturday worked for the Spring Festival
        (date(2027, 1, 2), date(2027, 1, 1)),  # not published yet: weekdays alone
    ],
)
def test_an_alert_moves_to_the_working_day_before(day: date, before: date) -> None:
    assert working_day_on_or_before(day) == before


def test_a_year_whose_holidays_are_not_known_is_told_to_the_operator() -> None:
    assert unpublished(date(2026, 11, 1), date(2027, 3, 1)) == (2027,)
    assert calendar_warning(date(2026, 3, 1), date(2026, 12, 31)) is None
    assert calendar_warning(date(2026, 3, 1), None) is None
    warning = calendar_warning(date(2026, 11, 1), date(2028, 3, 1))
    assert warning is not None
    assert "2027年、2028年" in warning


def test_weekends_are_free_in_a_year_that_is_not_known() -> None:
    assert not is_working_day(date(2031, 3, 1))
    assert is_working_day(date(2031, 3, 3))
