"""Working days in China, after the State Council's yearly holiday notice.

The notice for a year comes out in the November before; a library keeps it. Days of a year that the installed
library doesn't know yet count by weekday alone, and `unpublished` tells `doctor` so.
"""

from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays

_PUBLISHED = frozenset(day.year for day in holidays)


def is_working_day(day: date) -> bool:
    """Whether offices are open. A weekend that is worked for a holiday counts; a holiday does not."""
    if day.year in _PUBLISHED:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def working_day_on_or_before(day: date) -> date:
    """Return the day itself if it is a working day, otherwise the nearest one before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def unpublished(first: date, last: date) -> tuple[int, ...]:
    """Return the years between two days whose holidays the installed library does not know."""
    return tuple(year for year in range(first.year, last.year + 1) if year not in _PUBLISHED)


def calendar_warning(today: date, furthest_close: date | None) -> str | None:
    """Return a Chinese sentence for `doctor` if deadlines reach into a year without known holidays, otherwise None."""
    years = unpublished(today, furthest_close or today)
    if not years:
        return None
    named = "、".join(f"{year}年" for year in years)
    return f"节假日历尚未收录{named}的放假安排，这些日期暂按周末推算；请技术人员更新日历（升级 chinesecalendar）后重启。"
