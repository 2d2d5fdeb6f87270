"""Reads the lines of a file of windows one by one, with everything that is wrong in each. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from policies.windows.clause_cells import ClauseCells
from policies.windows.typed_dates import OPEN_ENDED, TypedDate, TypedDateError, read_day
from policies.windows.window_fields import (
    FieldError,
    RowFault,
    WindowFields,
    check_order,
    link_of,
    title_of,
)
from storage.files.spreadsheets import unescape_formula
from storage.files.table_files import Cell, Row, cell_text

_FORMULA = ("=", "+", "@")
_Read = TypeVar("_Read")


class RowReader:
    """The windows of the lines that it took, with the faults and remarks."""

    def __init__(self, heads: Row, columns: Mapping[str, int], clauses: ClauseCells, today: date) -> None:
        self._columns, self._width, self._clauses, self._today = columns, len(heads.cells), clauses, today
        self._heads = {name: cell_text(heads.cells[at])[:20] for name, at in columns.items()}
        self._first_lines: dict[tuple[int, str, date], int] = {}
        self.rows: list[WindowFields] = []
        self.faults: list[RowFault] = []
        self.remarks: list[RowFault] = []

    def take(self, record: Row) -> None:
        """Read one line, with all that is wrong in it; a line for several clauses makes several windows."""
        if any(cell_text(cell) for cell in record.cells[self._width :]):
            said = f"应有 {self._width} 列，实有 {len(record.cells)} 列；名称中有逗号时请用引号括起来"
            self.faults.append(RowFault(record.line, "", said))
            return
        line = _Line(self, record)
        rows = line.rows()
        self.faults += line.faults
        if line.faults:
            return
        self.remarks += line.remarks
        for row in rows:
            earlier = self._first_lines.setdefault(row.key, record.line)
            if earlier != record.line:
                said = f"与第 {earlier} 行重复（条款号、名称和开始日期都相同）"
                self.faults.append(self.fault(record.line, "title", said))
            self.rows.append(row)

    def cell(self, record: Row, name: str) -> Cell:
        """Return the cell of a column; "" if the line or the file does not have it."""
        at = self._columns.get(name)
        return record.cells[at] if at is not None and at < len(record.cells) else ""

    def fault(self, line: int, field: str, message: str) -> RowFault:
        """Return a fault or remark that names the column as the file heads it."""
        return RowFault(line, field, message, self._heads.get(field, ""))

    def keys(self, record: Row) -> list[int]:
        """Return the clauses of a line.

        Raises:
            FieldError: the cell names none, or several.
        """
        return self._clauses.keys(
            cell_text(self.cell(record, "policy_id")), cell_text(self.cell(record, "document"))
        )

    def day(self, record: Row, name: str) -> TypedDate:
        """Return the day of a cell.

        Raises:
            FieldError: it holds none.
        """
        cell = self.cell(record, name)
        try:
            read = read_day(cell, self._today)
        except TypedDateError as error:
            hint = "；没有截止日期的请写“长期”" if name == "closes_on" and not cell_text(cell) else ""
            raise FieldError(name, f"{error}{hint}") from error
        if name == "opens_on" and read.day == OPEN_ENDED:
            raise FieldError(name, "开始日期不能是长期")
        return read

    def is_past(self, day: date) -> bool:
        """Whether a day has gone by."""
        return day < self._today

    def title(self, typed: str, key: int) -> str:
        """Return the title of a window: as its cell has it, else the clause's.

        Raises:
            FieldError: it can't be one.
        """
        return title_of(typed, self._clauses.titles[key])


class _Line:
    """One line of a file: its windows, or everything that is wrong in it."""

    def __init__(self, reader: RowReader, record: Row) -> None:
        self._reader, self._record = reader, record
        self.faults: list[RowFault] = []
        self.remarks: list[RowFault] = []

    def rows(self) -> list[WindowFields]:
        """Return the windows. They mean nothing if there are faults."""
        keys = self._tried(lambda: self._reader.keys(self._record)) or []
        opens, closes = self._day("opens_on"), self._day("closes_on")
        if opens and closes:
            self._tried(lambda: check_order(opens, closes))
            if self._reader.is_past(closes):
                self._remark("closes_on", f"{closes} 已经过去")
        typed = cell_text(self._reader.cell(self._record, "title"))
        if typed.startswith(_FORMULA):
            self._remark("title", f"“{typed[:20]}”像公式，按文字保存")
        self._tried(lambda: title_of(unescape_formula(typed), ""))
        url = self._tried(self._link) or ""
        if self.faults or not (opens and closes):
            return []
        return [
            WindowFields(key, opens, closes, self._reader.title(unescape_formula(typed), key), url)
            for key in keys
        ]

    def _day(self, name: str) -> date | None:
        read = self._tried(lambda: self._reader.day(self._record, name))
        if read is None:
            return None
        if read.remark:
            self._remark(name, read.remark)
        return read.day

    def _link(self) -> str:
        typed = cell_text(self._reader.cell(self._record, "url"))
        if re.match(r"www\.[\w-]+\.", typed, re.ASCII):
            typed = f"https://{typed}"
            self._remark("url", f"网址没有 https://，按 {typed[:60]} 保存")
        return link_of(typed)

    def _tried(self, read: Callable[[], _Read]) -> _Read | None:
        """Return what was read; None if it is wrong. The fault is then kept."""
        try:
            return read()
        except FieldError as error:
            self.faults.append(self._reader.fault(self._record.line, error.field, error.message))
            return None

    def _remark(self, field: str, message: str) -> None:
        self.remarks.append(self._reader.fault(self._record.line, field, message))
