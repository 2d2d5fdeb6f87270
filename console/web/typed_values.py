"""Numbers and moments from outside, limited to what the database and the calendar can hold."""

from datetime import datetime

_MOST_DIGITS = 9
_YEARS = range(2000, 2200)


def whole_number(typed: str) -> int | None:
    """Return the typed whole number; None for other text, or for more digits than any id here has."""
    if typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS:
        return int(typed)
    return None


def is_plausible_year(moment: datetime) -> bool:
    """Whether the year is from 2000 to 2199. The calendar's ends cannot be converted to another time zone."""
    return moment.year in _YEARS
