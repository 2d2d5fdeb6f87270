"""Reads and writes files of application windows: CSV or Excel. Pure.

The heads are `policy_id,document,opens_on,closes_on,title,url` or the Chinese ones that offices use. `policy_id` is the
printed label; `document` (id or title) is needed if it is not the default one. Rows with a title may stand above the heads.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from policies.library.library import Library
from policies.windows.clause_cells import ClauseCells
from policies.windows.window_fields import (
    ALWAYS,
    COLUMNS,
    RowFault,
    WindowFields,
    WindowFileError,
    closing_words,
)
from policies.windows.window_rows import RowReader
from storage.files.spreadsheets import escape_formula
from storage.files.table_files import Row, TableFileError, cell_text, is_note, read_rows

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000

_HEADS = {
    "policy_id": re.compile(
        r"policy_?id|(?:政策)?(?:条款|条目|条文)(?:号|编号|序号)?|条号|政策(?:编号|序号)|对应条款"
    ),
    "document": re.compile(r"document|(?:所属|政策)?文件(?:编号|名称|名)?|汇编"),
    "opens_on": re.compile(
        r"opens?_?on|(?:申报|受理|申请|开放)?(?:开始|起始|启动|开放)(?:日期|时间|日)?|(?:申报|受理)起始?(?:日期|时间)?"
    ),
    "closes_on": re.compile(
        r"closes?_?on|(?:申报|受理|申请)?(?:截止|结束|截至|终止)(?:日期|时间|日)?|(?:申报|受理)止(?:日期|时间)?"
    ),
    "title": re.compile(
        r"title|(?:政策|项目|事项|申报|申报项目|申报事项|窗口)?名称|申报(?:事项|项目)|事项|标题|项目"
    ),
    "url": re.compile(r"url|link|链接|网址|(?:申报|申请|办理)?(?:入口|网址|链接|平台|网站|地址)"),
}
_NEEDED = ("policy_id", "opens_on", "closes_on")
_WRITTEN = ("policy_id", "opens_on", "closes_on", "title", "url")
_HEAD_ROWS = 10
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class WindowReading:
    """The windows of a file, and remarks on what was read differently from how it was typed."""

    rows: tuple[WindowFields, ...]
    remarks: tuple[RowFault, ...]


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


def read_windows(raw: bytes, clauses: ClauseCells, today: date) -> WindowReading:
    """Read a file of windows, all of it or nothing.

    Args:
        raw: an Excel workbook, or CSV in UTF-8 with or without a mark, UTF-16 or GB18030.
        clauses: the published clauses; a window without a title takes its clause's.
        today: what 即日起 means.

    Raises:
        WindowFileError: with every line that is wrong.
    """
    try:
        records = list(read_rows(raw, MAX_ROWS))
    except TableFileError as error:
        raise WindowFileError([_fault_of(error)]) from error
    if not records:
        raise WindowFileError([RowFault(0, "", "文件是空的")])
    head, columns = _head(records)
    reader = RowReader(records[head], columns, clauses, today)
    if unused := _unused(records[head], columns):
        more = f"等 {len(unused)} 列" if len(unused) > _MOST_NAMED else ""
        reader.remarks.append(RowFault(0, "", f"列“{'”“'.join(unused[:_MOST_NAMED])}”{more}没有使用"))
    for record in records[head + 1 :]:
        if is_note(record):
            reader.remarks.append(RowFault(record.line, "", "这一行是表下的说明，没有读取"))
        else:
            reader.take(record)
    if reader.faults:
        raise WindowFileError(reader.faults)
    return WindowReading(tuple(reader.rows), tuple(reader.remarks))


def write_windows(windows: Iterable[_Listed], library: Library) -> str:
    """Return the file of some windows; `read_windows` gives them back.

    A text that a spreadsheet would take for a formula begins with an apostrophe. Several documents have a column of
    their own.
    """
    several = len(library.documents) > 1
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_WRITTEN, *(["document"] if several else [])])
    for window in windows:
        policy = library.get(window.policy_id)
        label = library.reference(policy) if policy else library.name_of(window.policy_id)
        closes = closing_words(window.closes_on)
        row = [label, window.opens_on, closes, escape_formula(window.title), window.url]
        writer.writerow([*row, *([policy.document if policy else ""] if several else [])])
    return out.getvalue()


def sample_file(library: Library) -> str:
    """Return a file to fill in, in the heads that operators read; its two lines are of clauses of the default document."""
    document = library.default_document
    clauses = document.policies[:2] if document else ()
    dates = (("2026-03-01", "2026-03-31", "https://example.com/apply"), ("2026年3月1日", ALWAYS, ""))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([COLUMNS[name] for name in _WRITTEN])
    for policy, (opens, closes, url) in zip(clauses, dates, strict=False):
        writer.writerow([library.reference(policy), opens, closes, f"{policy.title}申报", url])
    return out.getvalue()


def _fault_of(error: TableFileError) -> RowFault:
    """Return a fault of the file; one that names its line stands in that line."""
    named = re.match(r"第 (\d+) 行的?", str(error))
    return RowFault(int(named[1]), "", str(error)[named.end() :]) if named else RowFault(0, "", str(error))


def _head(records: Sequence[Row]) -> tuple[int, dict[str, int]]:
    """Return the row of heads, which may stand below a title, and the position of each of our columns."""
    for at, record in enumerate(records[:_HEAD_ROWS]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(record.cells):
            name = _column(cell_text(cell))
            if name and name not in columns:
                columns[name] = place
        if all(name in columns for name in _NEEDED):
            return at, columns
    line = records[0].line
    needed = "、".join(f"{COLUMNS[name]}（{name}）" for name in _NEEDED)
    raise WindowFileError([RowFault(line, "", f"没有找到表头：至少要有 {needed} 三列，可下载样例文件对照")])


def _column(head: str) -> str:
    folded = re.sub(r"\s|[（(][^（()）]{0,40}[)）]|[*＊:：]", "", unicodedata.normalize("NFKC", head)).lower()
    return next((name for name, pattern in _HEADS.items() if pattern.fullmatch(folded)), "")


def _unused(record: Row, columns: Mapping[str, int]) -> list[str]:
    places = set(columns.values())
    named = [cell_text(cell)[:20] for at, cell in enumerate(record.cells) if at not in places]
    return [name for name in named if name and name not in {"序号", "编号"}]
