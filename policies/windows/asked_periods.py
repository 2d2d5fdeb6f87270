"""The days that a question names: 今天, 本周, 下个月, 三天内, 月底前, 12月15日前. Pure."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from policies.numbers.numerals import as_integer

_NUMBER = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
_WEEK = r"(?:周|星期|礼拜)"
_LONGEST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included, and how to say them."""

    first: date
    last: date
    words: str

    def has(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    days: Callable[["re.Match[str]", date], tuple[date, date] | None]


def read_period(text: str, today: date) -> tuple[Period, str] | None:
    """Return the first period that a compact text names, and the text without it; None if it names none."""
    for rule in _RULES:
        found = rule.pattern.search(text)
        days = rule.days(found, today) if found else None
        if found and days:
            return Period(*days, found[0]), text[: found.start()] + text[found.end() :]
    return None


def _in_days(days: int) -> Callable[["re.Match[str]", date], tuple[date, date]]:
    return lambda _found, today: (today + timedelta(days), today + timedelta(days))


def _week(shift: int) -> Callable[["re.Match[str]", date], tuple[date, date]]:
    def days(_found: "re.Match[str]", today: date) -> tuple[date, date]:
        monday = today - timedelta(today.weekday()) + timedelta(7 * shift)
        return max(today, monday), monday + timedelta(6)

    return days


def _weekday(found: "re.Match[str]", today: date) -> tuple[date, date]:
    """周五 of this or of the next week; one that has passed is the next one."""
    monday = today - timedelta(today.weekday())
    day = monday + timedelta("一二三四五六日天".index(found[2]) % 7 if found[2] != "天" else 6)
    if (found[1] and found[1].startswith("下")) or day < today:
        day += timedelta(7)
    return (today, day) if found[3] else (day, day)


def _weekend(found: "re.Match[str]", today: date) -> tuple[date, date]:
    sunday = today - timedelta(today.weekday()) + timedelta(6 + (7 if found[1] else 0))
    return max(today, sunday - timedelta(1)), sunday


def _month(shift: int) -> Callable[["re.Match[str]", date], tuple[date, date]]:
    def days(_found: "re.Match[str]", today: date) -> tuple[date, date]:
        first = _plus_months(today.replace(day=1), shift)
        return max(today, first), _end_of_month(first)

    return days


def _number(text: str) -> int:
    return as_integer(text) or 0


def _span(found: "re.Match[str]", today: date) -> tuple[date, date] | None:
    """三天内, 未来两周, 一个月内, 半个月内."""
    count = _number(found[1])
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}.get(found[2].removeprefix("个"))
    if found[2] in {"个月", "月"}:
        return today, _plus_months(today, count)
    return (today, today + timedelta(min(days * count, _LONGEST_DAYS))) if days and count else None


def _half_month(_found: "re.Match[str]", today: date) -> tuple[date, date]:
    return today, today + timedelta(15)


def _quarter(_found: "re.Match[str]", today: date) -> tuple[date, date]:
    return today, _end_of_month(date(today.year, (today.month - 1) // 3 * 3 + 3, 1))


def _year(shift: int) -> Callable[["re.Match[str]", date], tuple[date, date]]:
    def days(_found: "re.Match[str]", today: date) -> tuple[date, date]:
        year = today.year + shift
        return max(today, date(year, 1, 1)), date(year, 12, 31)

    return days


def _second_half(_found: "re.Match[str]", today: date) -> tuple[date, date]:
    return max(today, date(today.year, 7, 1)), date(today.year, 12, 31)


def _named_day(found: "re.Match[str]", today: date) -> tuple[date, date] | None:
    """12月15日, and with 前 all days until then."""
    try:
        day = date(_year_of(int(found[1]), today), int(found[1]), int(found[2]))
    except ValueError:
        return None
    return (min(today, day), day) if found[3] else (day, day)


def _named_month(found: "re.Match[str]", today: date) -> tuple[date, date] | None:
    month = _number(found[1])
    if not 1 <= month <= 12:
        return None
    first = date(_year_of(month, today), month, 1)
    return (today if found[2] else max(today, first)), _end_of_month(first)


def _year_of(month: int, today: date) -> int:
    """Return the year of a month. A month that has passed belongs to the next year."""
    return today.year if month >= today.month else today.year + 1


def _plus_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


_RULES = tuple(
    _Rule(re.compile(pattern), days)
    for pattern, days in (
        (r"(\d{1,2})月(\d{1,2})[日号](之?前|以前)?", _named_day),
        (
            rf"(?:未来|今后|接下来|近|最近|这)?{_NUMBER}(天|日|个?星期|个?礼拜|周|个月)(?:之内|以内|内|里)",
            _span,
        ),
        (rf"(?:未来|今后|接下来|近|最近){_NUMBER}(天|日|个?星期|个?礼拜|周|个月)", _span),
        (r"(?:近|最近|未来)?半个?月(?:之内|以内|内)?", _half_month),
        (r"今[天日儿]|当天|今晚", _in_days(0)),
        (r"明[天日儿]", _in_days(1)),
        (r"后[天日]", _in_days(2)),
        (r"(下个?)?(?:这个?|本)?周末", _weekend),
        (rf"(这个?|本|下个?)?{_WEEK}([一二三四五六日天])(之?前|以前)?", _weekday),
        (rf"下下个?{_WEEK}", _week(2)),
        (rf"下个?{_WEEK}", _week(1)),
        (rf"(?:这个?|本|当){_WEEK}(?:之内|以内|内|里)?|{_WEEK}内", _week(0)),
        (r"下下个?月", _month(2)),
        (r"下个?月份?(?:底|末)?(?:之?前|以前)?", _month(1)),
        (r"(?:这个?|本|当)月份?(?:底|末)?(?:之?前|以前|内)?|月底(?:之?前|以前)?|月内", _month(0)),
        (r"(?:这个?|本)季度?(?:内|末)?", _quarter),
        (r"(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(底前|底之前|前|之前|以前)?", _named_month),
        (r"下半年", _second_half),
        (r"明年", _year(1)),
        (r"今年(?:年底|底|内)?(?:之?前|以前)?|年底(?:之?前|以前)?|年内|本年度?|年前", _year(0)),
    )
)
