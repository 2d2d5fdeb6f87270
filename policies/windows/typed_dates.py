"""Reads days as offices write them in tables: 2026年3月31日前, 2026.3.31, 20260331, Excel's numbers, 长期. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.files.table_files import Cell

OPEN_ENDED = date(9999, 12, 30)
"""The closing day of a window without an end (长期), to sort and compare by. It is never shown, and a day follows it."""
_EPOCH = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)
"""Excel's numbers of 2000 to 2099."""
_YEARS_AHEAD = 10
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_TIME = re.compile(r"T?(?:上午|下午|中午)?(\d{1,2})[:点时](\d{2})?分?(?::\d{2}(?:\.\d+)?)?(?:Z|\+08:?00)?")
_BEHIND = re.compile(r"[（(](?:周|星期|礼拜).[)）]|(?:之前|以前|前|止|截止|为止|起|开始|含|[（(]含[)）])")
_ALWAYS = re.compile(
    r"长期(?:有效|受理|申报|开放)?|常年(?:受理|申报|开放)?|全年(?:受理|申报)?|不限(?:时间)?|"
    r"无(?:截止(?:日期|时间)?|期限)|持续(?:有效|受理)|随时(?:申报)?"
)
_UNTIL_USED_UP = re.compile(r"(?:额满|用完|发完|资金使用完)(?:为止|即止)?|先到先得.*|额度用完为止|额满.*")
_AT_ONCE = re.compile(r"(?:自)?(?:即日|发布之日|印发之日|公布之日|本通知(?:发布|印发)之日|发文之日)起?")
_VAGUE = re.compile(r"[上中下]旬|月[初底末]|年[初底末]|季度")


@dataclass(frozen=True, slots=True)
class TypedDate:
    """The day of a cell.

    Attributes:
        day: in Asia/Shanghai; `OPEN_ENDED` for 长期.
        remark: what was read differently from how it was typed, in Chinese; "" for nothing.
    """

    day: date
    remark: str = ""


class TypedDateError(Exception):
    """The cell holds no day; the message says why, in Chinese."""


def read_day(cell: Cell, today: date) -> TypedDate:
    """Read the day of a cell.

    Args:
        cell: as the file has it.
        today: the day of 即日起; years far from it are doubted.

    Raises:
        TypedDateError: with the reason.
    """
    if isinstance(cell, datetime):
        return _checked(cell.date(), _of_time(cell.hour, cell.minute), today)
    if isinstance(cell, date):
        return _checked(cell, "", today)
    typed = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed))
    if not text:
        raise TypedDateError("请填写日期")
    if _ALWAYS.fullmatch(text):
        return TypedDate(OPEN_ENDED)
    if _UNTIL_USED_UP.fullmatch(text):
        return TypedDate(OPEN_ENDED, f"“{text[:12]}”按长期处理")
    if _AT_ONCE.fullmatch(text):
        return TypedDate(today, f"“{text[:12]}”按导入当天 {today} 处理")
    if text.isdecimal() and int(text) in _SERIALS:
        return _checked(_EPOCH + timedelta(days=int(text)), f"“{text}”按 Excel 日期序号读取", today)
    return _written(text, typed, today)


def _written(text: str, typed: str, today: date) -> TypedDate:
    match = _FULL.match(text) or (_COMPACT.match(text) if re.fullmatch(r"\d{8}.*", text) else None)
    if match is None:
        raise TypedDateError(_why(text, typed))
    rest = _BEHIND.sub("", text[match.end() :])
    time = _TIME.fullmatch(rest)
    if rest and time is None:
        raise TypedDateError(
            _why(rest, typed) if _VAGUE.search(rest) else f"“{typed[:20]}”不是日期，请写成 2026-03-31 的样子"
        )
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise TypedDateError(f"“{typed[:20]}”不是日期：没有这一天，请写成 2026-03-31 的样子") from None
    remark = _of_time(int(time[1]), int(time[2] or 0)) if time else ""
    return _checked(day, remark, today)


def _of_time(hour: int, minute: int) -> str:
    return f"时刻 {hour}:{minute:02} 没有保存，按全天处理" if hour or minute else ""


def _checked(day: date, remark: str, today: date) -> TypedDate:
    if not 2000 <= day.year <= today.year + _YEARS_AHEAD:
        raise TypedDateError(f"年份 {day.year} 可能有误，请核对")
    return TypedDate(day, remark)


def _why(text: str, typed: str) -> str:
    shown = f"“{typed.strip()[:20]}”"
    if _VAGUE.search(text):
        return f"{shown}不是确切的日期，请写成 2026-03-31 的样子"
    if re.fullmatch(r"\d{1,2}[月/.-]\d{1,2}[日号]?.{0,4}", text):
        return f"{shown}没有年份，请写成 2026-03-31 的样子"
    if re.fullmatch(r"\d{4}[-/.年]\d{1,2}月?", text):
        return f"{shown}只有年月，请写成 2026-03-31 的样子"
    return f"{shown}不是日期，请写成 2026-03-31 的样子"
