"""The CSV of application windows: `policy_id,opens_on,closes_on,title,url`. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from urllib.parse import urlsplit

from storage.spreadsheets import as_typed, harmless
from storage.text_files import EncodingError, text_of

COLUMNS = {
    "policy_id": "条款号",
    "opens_on": "开始日期",
    "closes_on": "截止日期",
    "title": "名称",
    "url": "链接",
}
MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
MAX_TITLE = 200
MAX_URL = 1000

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One window as a file or a form gives it."""

    policy_id: int
    opens_on: date
    closes_on: date
    title: str
    url: str = ""

    @property
    def key(self) -> tuple[int, str, date]:
        """What makes it the same window when its closing day or link changes."""
        return self.policy_id, self.title, self.opens_on


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one line; line 1 is the header, line 0 the file as a whole."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = [
            f"第 {self.line} 行" if self.line else "",
            self.field and f"{self.field}（{COLUMNS[self.field]}）",
        ]
        return "，".join(part for part in where if part) + ("：" if any(where) else "") + self.message


class WindowFileError(Exception):
    """The file can't be taken as it is; `faults` has every line at fault, and nothing was taken."""

    def __init__(self, faults: Iterable[RowFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class _Listed(Protocol):
    @property
    def policy_id(self) -> int: ...
    @property
    def opens_on(self) -> date: ...
    @property
    def closes_on(self) -> date: ...
    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...


class _FieldError(Exception):
    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(message)


def read_windows(raw: bytes, titles: Mapping[int, str]) -> tuple[WindowRow, ...]:
    """Read a file of windows, all of it or nothing.

    Args:
        raw: UTF-8 with or without a mark, UTF-16 or GB18030.
        titles: short titles of the published clauses by number; a window without a title takes its clause's.

    Raises:
        WindowFileError: with every line that is wrong.
    """
    if len(raw) > MAX_BYTES:
        raise WindowFileError([RowFault(0, "", f"文件过大，请控制在 {MAX_BYTES // 1_000_000} MB 以内")])
    try:
        records = list(_records(text_of(raw)))
    except EncodingError as error:
        raise WindowFileError([RowFault(0, "", str(error))]) from error
    if len(records) > MAX_ROWS:
        raise WindowFileError([RowFault(0, "", f"文件超过 {MAX_ROWS:,} 行，请拆分成几个文件分别导入")])
    if not records:
        raise WindowFileError([RowFault(0, "", "文件是空的")])
    header = [name.strip() for name in records[0][1]]
    if sorted(header) != sorted(COLUMNS):
        raise WindowFileError([RowFault(records[0][0], "", f"表头应是 {','.join(COLUMNS)}")])
    rows: list[WindowRow] = []
    faults: list[RowFault] = []
    first_lines: dict[tuple[int, str, date], int] = {}
    for line, values in records[1:]:
        try:
            row = _row(header, values, titles)
        except _FieldError as error:
            faults.append(RowFault(line, error.field, error.message))
            continue
        earlier = first_lines.setdefault(row.key, line)
        if earlier != line:
            said = f"与第 {earlier} 行重复（条款号、名称和开始日期都相同）"
            faults.append(RowFault(line, "title", said))
        rows.append(row)
    if faults:
        raise WindowFileError(faults)
    return tuple(rows)


def check_window(row: WindowRow, titles: Mapping[int, str]) -> tuple[RowFault, ...]:
    """What is wrong with a window typed in a form; () where nothing is."""
    values = [str(row.policy_id), row.opens_on.isoformat(), row.closes_on.isoformat(), row.title, row.url]
    try:
        _row(list(COLUMNS), values, titles)
    except _FieldError as error:
        return (RowFault(0, error.field, error.message),)
    return ()


def write_windows(windows: Iterable[_Listed]) -> str:
    """The file of some windows; `read_windows` gives them back.

    A text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for window in windows:
        writer.writerow(
            [window.policy_id, window.opens_on, window.closes_on, harmless(window.title), window.url]
        )
    return out.getvalue()


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records that hold something, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for values in reader:
            if any(value.strip() for value in values):
                yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise WindowFileError([RowFault(line, "", "引号不配对，或含有无法读取的字符")]) from error


def _row(header: list[str], values: list[str], titles: Mapping[int, str]) -> WindowRow:
    if len(values) != len(header):
        raise _FieldError("", f"应有 {len(header)} 列，实有 {len(values)} 列；名称中有逗号时请用引号括起来")
    cells = {name: value.strip() for name, value in zip(header, values, strict=True)}
    policy_id = _policy(cells["policy_id"], titles)
    opens_on, closes_on = (_date(name, cells[name]) for name in ("opens_on", "closes_on"))
    if closes_on < opens_on:
        raise _FieldError("closes_on", f"截止日期 {closes_on} 早于开始日期 {opens_on}")
    return WindowRow(
        policy_id, opens_on, closes_on, _title(cells["title"], titles[policy_id]), _url(cells["url"])
    )


def _policy(value: str, titles: Mapping[int, str]) -> int:
    if not re.fullmatch(r"\d{1,6}", value, re.ASCII):
        raise _FieldError("policy_id", f"“{value[:20]}”不是条款号" if value else "请填写条款号")
    if int(value) not in titles:
        raise _FieldError("policy_id", f"没有第 {int(value)} 条")
    return int(value)


def _date(field: str, value: str) -> date:
    match = _DATE.fullmatch(value)
    if match:
        year, month, day = (int(part) for part in match.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            pass
    said = f"“{value[:20]}”不是日期" if value else "请填写日期"
    raise _FieldError(field, f"{said}，请写成 2026-03-31 的样子")


def _title(value: str, default: str) -> str:
    title = as_typed(value)
    if len(title) > MAX_TITLE:
        raise _FieldError("title", f"名称有 {len(title)} 字，最多 {MAX_TITLE} 字")
    if _CONTROL.search(title):
        raise _FieldError("title", "名称中不能有换行或控制字符")
    return title or default


def _url(value: str) -> str:
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or len(value) > MAX_URL or re.search(r"[\s<>\"\x00-\x1f\x7f]", value):
        raise _FieldError("url", f"“{value[:40]}”不是完整的网址，请以 https:// 或 http:// 开头")
    return value
