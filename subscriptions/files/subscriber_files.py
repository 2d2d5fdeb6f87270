"""Files of subscribers, CSV or Excel, with the columns `openid,company,uscc,tracks` or their usual Chinese names. Pure."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from storage.files.spreadsheets import escape_formula, unescape_formula
from storage.files.table_files import Cell, Row, TableFileError, cell_text, is_workbook, read_rows
from subscriptions.companies.company_names import CompanyNameError, check_name
from subscriptions.companies.credit_code import CreditCodeError
from subscriptions.companies.credit_code import check as check_code
from subscriptions.members.track_names import TrackNames

MAX_BYTES = 30_000_000
_MOST_NAMED = 20
"""Numbers of lines that a problem of many lines names."""
MAX_ROWS = 200_000
COLUMNS = ("openid", "company", "uscc", "tracks")
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SEPARATORS = re.compile(r"[;；、,，|/]")
_HEADS = {
    "openid": re.compile(r"(?:微信)?open_?id|用户标识"),
    "company": re.compile(r"company|(?:企业|单位|公司)(?:名称|全称)?"),
    "uscc": re.compile(r"uscc|(?:统一)?(?:社会)?信用代码|税号"),
    "tracks": re.compile(r"tracks?|(?:产业|关注|订阅|关注的)?(?:赛道|产业|行业)"),
}
_NEEDED = ("openid", "tracks")
_HEAD_ROWS = 10
_NO_CODE = frozenset({"无", "没有", "暂无", "-", "—", "/", "none", "null", "0"})
_ROUNDED = re.compile(r"\d(?:[.．]\d+)?[eE][+＋]?\d{1,2}")
_TAIL_OF_ZEROS = re.compile(r"\d{15}0{3}")
_RUINED = (
    "被 Excel 改成了科学计数法或末尾补零，后几位已经丢失：请把这一列设为“文本”格式，重新填写或导出后再导入"
)
_REGISTRATION = "是 15 位的旧工商注册号，不是 18 位统一社会信用代码"


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """One valid line. `tracks` are track ids. `company` and `uscc` may be ""."""

    line: int
    openid: str
    company: str
    uscc: str
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong, in which line (0: the whole file) and in which field ("": the whole line)."""

    line: int
    field: str
    what: str

    def __str__(self) -> str:
        place = "，".join(part for part in (f"第 {self.line} 行" if self.line else "", self.field) if part)
        return f"{place}：{self.what}" if place else self.what


class _FieldError(Exception):
    def __init__(self, field: str, what: str) -> None:
        super().__init__(what)
        self.field, self.what = field, what


def read_subscribers(raw: bytes, names: TrackNames) -> tuple[list[SubscriberRow], list[LineProblem]]:
    """Return the valid lines of a file, and the problems of the others.

    A file that can't be read as a whole (encoding, header) gives no rows and one problem.
    """
    rows: list[SubscriberRow] = []
    problems: list[LineProblem] = []
    try:
        records = read_rows(raw, MAX_ROWS + _HEAD_ROWS)
        head, columns, width = _head(records)
        if columns is None:
            return [], [
                LineProblem(
                    head, "", f"表头应为 {','.join(COLUMNS)}，或企业名称、统一社会信用代码、赛道等中文表头"
                )
            ]
        reader = _Reader(columns, width, names, padded=is_workbook(raw))
        for record in records:
            try:
                rows.append(reader.row(record.line, record.cells))
            except _FieldError as error:
                problems.append(LineProblem(record.line, error.field, error.what))
    except TableFileError as error:
        named = re.match(r"第 (\d+) 行的?", str(error))
        problem = (
            LineProblem(int(named[1]), "", str(error)[named.end() :])
            if named
            else LineProblem(0, "", str(error))
        )
        return (rows, [*problems, problem]) if named and rows else ([], [problem])
    return rows, problems


def subscriber_writer(out: TextIO) -> Callable[[str, str, str, Sequence[str]], None]:
    """Write the header, and give a function that writes one line: openid, company, uscc, names of tracks.

    `read_subscribers` reads it back.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)

    def write(openid: str, company: str, uscc: str, tracks: Sequence[str]) -> None:
        writer.writerow((openid, escape_formula(company), uscc, ";".join(tracks)))

    return write


def grouped(problems: Iterable[LineProblem]) -> Iterator[str]:
    """Problems as texts. A problem that many rows share is one text with all their line numbers."""
    groups: dict[tuple[str, str], list[int]] = {}
    for one in problems:
        groups.setdefault((one.field, one.what), []).append(one.line)
    for (field, what), lines in groups.items():
        if len(lines) < 3:
            yield from (str(LineProblem(line, field, what)) for line in lines)
        else:
            named = "、".join(map(str, lines[:_MOST_NAMED])) + ("等" if len(lines) > _MOST_NAMED else "")
            yield f"第 {named} 行（共 {len(lines)} 行），{field}：{what}"


class _Reader:
    """Reads one row after another, and remembers openids and companies to find duplicates."""

    def __init__(self, columns: dict[str, int], width: int, names: TrackNames, *, padded: bool) -> None:
        self._columns, self._width, self._names, self._padded = columns, width, names, padded
        self._lines: dict[str, int] = {}
        self._companies: dict[str, tuple[str, int]] = {}

    def row(self, line: int, cells: Sequence[Cell]) -> SubscriberRow:
        """One row.

        Raises:
            _FieldError: a field is not valid.
        """
        values = ["9E+17" if _is_rounded(cell) else cell_text(cell) for cell in cells]
        if self._padded:
            values = values[: self._width] + [value for value in values[self._width :] if value]
            values += [""] * (self._width - len(values))
        if len(values) != self._width:
            raise _FieldError("", f"应有 {self._width} 列，实有 {len(values)} 列；字段里有逗号时请加引号")
        typed = {name: values[at] for name, at in self._columns.items()}
        openid = typed["openid"]
        if not _OPENID.fullmatch(openid):
            raise _FieldError(
                "openid", "不能为空" if not openid else "只能由字母、数字、“_”和“-”组成，最多 64 位"
            )
        company, uscc = _company(typed.get("company", "")), _uscc(typed.get("uscc", ""))
        tracks = _tracks(typed["tracks"], self._names)
        first = self._lines.setdefault(openid, line)
        if first != line:
            raise _FieldError("openid", f"与第 {first} 行重复")
        self._check_name(line, company, uscc)
        return SubscriberRow(line, openid, company, uscc, tracks)

    def _check_name(self, line: int, company: str, uscc: str) -> None:
        """Refuse a credit code that has two names in the file: the operator must say which name is right."""
        if not (company and uscc):
            return
        name, first = self._companies.setdefault(uscc, (company, line))
        if name != company:
            said = (
                f"统一社会信用代码与第 {first} 行相同，企业名称却不同（“{name}”“{company}”），请确认是哪一个"
            )
            raise _FieldError("company", said)


def _is_rounded(cell: Cell) -> bool:
    """Whether the value is a number that Excel has rounded."""
    return isinstance(cell, int | float) and abs(cell) >= 10**15


def _head(records: Iterator[Row]) -> tuple[int, dict[str, int] | None, int]:
    """Return the header row, which may follow a title: its line, the position of each column, the count of columns."""
    first = 1
    for at, record in zip(range(_HEAD_ROWS), records, strict=False):
        first = record.line if at == 0 else first
        texts = [cell_text(cell) for cell in record.cells]
        columns: dict[str, int] = {}
        for place, text in enumerate(texts):
            name = _column(text)
            if name and name not in columns:
                columns[name] = place
        if all(name in columns for name in _NEEDED):
            return record.line, columns, max(at for at, text in enumerate(texts) if text) + 1
    return first, None, 0


def _column(head: str) -> str:
    folded = re.sub(
        r"\s|[（(][^（()）]{0,40}[)）]|[*＊:：]", "", unicodedata.normalize("NFKC", head)
    ).casefold()
    return next((name for name, pattern in _HEADS.items() if pattern.fullmatch(folded)), "")


def _company(value: str) -> str:
    name = unescape_formula(value)
    if not name:
        return ""
    try:
        return check_name(name)
    except CompanyNameError as error:
        raise _FieldError("company", error.sentence) from None


def _uscc(value: str) -> str:
    typed = unicodedata.normalize("NFKC", value).strip().lstrip("'’‘`")
    if not typed or typed.casefold() in _NO_CODE:
        return ""
    if _ROUNDED.fullmatch(typed):
        raise _FieldError("uscc", _RUINED)
    try:
        return check_code(typed)
    except CreditCodeError as error:
        digits = re.sub(r"\D", "", typed)
        if _TAIL_OF_ZEROS.fullmatch(typed):
            raise _FieldError("uscc", _RUINED) from None
        said = _REGISTRATION if len(digits) == 15 and digits == typed else error.sentence
        raise _FieldError("uscc", said) from None


def _tracks(value: str, names: TrackNames) -> tuple[str, ...]:
    found = []
    whole = names.exact(value) if value else None
    parts = [value] if whole else _SEPARATORS.split(value)
    for typed in filter(None, (part.strip() for part in parts)):
        track_id = names.exact(typed)
        if track_id is None:
            near = names.near(typed)
            hint = f"，是否为“{names.name(near[0])}”？" if near else ""
            raise _FieldError("tracks", f"没有赛道“{typed[:30]}”{hint}")
        found.append(track_id)
    return tuple(dict.fromkeys(found))
