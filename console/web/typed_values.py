"""Numbers and moments as they come from outside: those that a database and a calendar can hold."""

from datetime import datetime

_MOST_DIGITS = 9
_YEARS = range(2000, 2200)


def whole_number(typed: str) -> int | None:
    """The number that is typed; None where it is none, or has more digits than any id here."""
    if typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS:
        return int(typed)
    return None


def is_a_year_of_ours(moment: datetime) -> bool:
    """Whether a moment lies within two hundred years: the calendar's ends can't be told in another time zone."""
    return moment.year in _YEARS
