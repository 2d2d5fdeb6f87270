"""The CSV of subscribers: `openid,company,uscc,tracks`. Pure: reads bytes, writes text."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from storage.files.spreadsheets import as_typed, harmless
from storage.files.text_files import EncodingError, text_of
from subscriptions.companies.company_names import CompanyNameError, check_name
from subscriptions.companies.credit_code import CreditCodeError
from subscriptions.companies.credit_code import check as check_code
from subscriptions.members.track_names import TrackNames

MAX_BYTES = 30_000_000
MAX_ROWS = 200_000
COLUMNS = ("openid", "company", "uscc", "tracks")
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SEPARATORS = re.compile(r"[;；、]")


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """One line; `tracks` are ids. Company and code may be ""."""

    line: int
    openid: str
    company: str
    uscc: str
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line (0: with the file), in which field ("": with the line)."""

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


def read_subscribers(raw: bytes, names: TrackNames) -> tuple[list[SubscriberRow], list[Fault]]:
    """The good lines of a file, and what is wrong with the others.

    A file that can't be read as a whole (encoding, header) gives no rows and one fault.
    """
    try:
        records = _records(text_of(raw))
        header_line, header = next(records, (1, []))
        columns = _columns(header)
    except EncodingError as error:
        return [], [Fault(0, "", str(error))]
    except csv.Error:
        return [], [Fault(1, "", "引号不配对，无法读取")]
    if columns is None:
        return [], [Fault(header_line, "", f"表头应为 {','.join(COLUMNS)}")]
    rows: list[SubscriberRow] = []
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    line = header_line
    try:
        for line, values in records:
            if len(rows) + len(faults) >= MAX_ROWS:
                return [], [Fault(0, "", f"文件超过 {MAX_ROWS:,} 行，请拆分成几个文件分别导入")]
            try:
                row = _row(line, values, columns, names)
            except _FieldError as error:
                faults.append(Fault(line, error.field, error.what))
                continue
            first = lines.setdefault(row.openid, line)
            if first == line:
                rows.append(row)
            else:
                faults.append(Fault(line, "openid", f"与第 {first} 行重复"))
    except csv.Error:
        faults.append(Fault(line + 1, "", "引号不配对，从这里起无法读取"))
    return rows, faults


def subscriber_writer(out: TextIO) -> Callable[[str, str, str, Sequence[str]], None]:
    """Write the header, and give a function that writes one line: openid, company, uscc, names of tracks.

    `read_subscribers` reads it back.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)

    def write(openid: str, company: str, uscc: str, tracks: Sequence[str]) -> None:
        writer.writerow((openid, harmless(company), uscc, ";".join(tracks)))

    return write


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records that hold something, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for values in reader:
        if any(value.strip() for value in values):
            yield line, values
        line = reader.line_num + 1


def _columns(header: Sequence[str]) -> tuple[int, ...] | None:
    """Where each of our columns stands; they may stand in any order."""
    names = [name.strip().casefold() for name in header]
    if sorted(names) != sorted(COLUMNS):
        return None
    return tuple(names.index(column) for column in COLUMNS)


def _row(line: int, values: Sequence[str], columns: tuple[int, ...], names: TrackNames) -> SubscriberRow:
    if len(values) != len(columns):
        raise _FieldError("", f"应有 {len(columns)} 列，实有 {len(values)} 列；字段里有逗号时请加引号")
    openid, company, uscc, tracks = (values[place].strip() for place in columns)
    if not _OPENID.fullmatch(openid):
        raise _FieldError(
            "openid", "不能为空" if not openid else "只能由字母、数字、“_”和“-”组成，最多 64 位"
        )
    return SubscriberRow(line, openid, _company(company), _uscc(uscc), _tracks(tracks, names))


def _company(value: str) -> str:
    name = as_typed(value)
    if not name:
        return ""
    try:
        return check_name(name)
    except CompanyNameError as error:
        raise _FieldError("company", error.sentence) from None


def _uscc(value: str) -> str:
    if not value:
        return ""
    try:
        return check_code(value)
    except CreditCodeError as error:
        raise _FieldError("uscc", error.sentence) from None


def _tracks(value: str, names: TrackNames) -> tuple[str, ...]:
    found = []
    for typed in filter(None, (part.strip() for part in _SEPARATORS.split(value))):
        track_id = names.exact(typed)
        if track_id is None:
            near = names.near(typed)
            hint = f"，是否为“{names.name(near[0])}”？" if near else ""
            raise _FieldError("tracks", f"没有赛道“{typed[:30]}”{hint}")
        found.append(track_id)
    return tuple(dict.fromkeys(found))
