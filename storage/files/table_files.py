"""Reads a table that a person keeps in Excel or as CSV: rows of cells, each with its line number. Pure.

XLSX is read by openpyxl, CSV by the csv module. Dates and numbers of Excel keep their type, texts keep their spaces.
Empty rows are left out.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from storage.files.text_files import EncodingError, decode_text

Cell = str | float | int | date | datetime | bool
MAX_UNPACKED_BYTES = 60_000_000
MAX_COLUMNS = 60
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SEPARATORS = ",;\t，；"
_NOTE = re.compile(
    r"[*＊※（(]?\s*(?:注|备\s?注|说明|填表说明|填报说明|合计|制表|填报人|联系人)\s*\d{0,2}\s*(?:[:：]|\Z)"
)


class TableFileError(Exception):
    """The file can't be read as a table; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty, with the line on which it begins (from 1)."""

    line: int
    cells: tuple[Cell, ...]


def read_rows(raw: bytes, most: int) -> Iterator[Row]:
    """Yield the rows of a CSV or XLSX file; the first bytes tell which of the two it is.

    Args:
        raw: the file.
        most: the largest number of rows.

    Raises:
        TableFileError: the file is neither, is damaged, or has more rows than `most`.
    """
    rows = _rows_of_workbook(raw) if is_workbook(raw) else _rows_of_text(raw)
    for count, row in enumerate(rows, 1):
        if count > most:
            raise TableFileError(f"文件超过 {most:,} 行，请拆分成几个文件分别导入")
        yield row


def is_workbook(raw: bytes) -> bool:
    """Whether the file is a workbook. Its rows are filled up with empty cells."""
    return raw.startswith(_ZIP)


def cell_text(cell: Cell | None) -> str:
    """Return a cell as text: 22.0 is 22, a date is 2026-03-31."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _rows_of_text(raw: bytes) -> Iterator[Row]:
    if raw.startswith(_OLD_EXCEL):
        raise TableFileError("这是旧的 .xls 文件，请在 Excel 里另存为 .xlsx 或 CSV 后再试")
    try:
        text = decode_text(raw)
    except EncodingError as error:
        raise TableFileError(str(error)) from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 1
    try:
        for values in reader:
            if any(value.strip() for value in values):
                yield Row(line, tuple(values))
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableFileError(f"第 {line} 行的引号不配对，或含有无法读取的字符") from error


def _separator(text: str) -> str:
    """Return the most frequent separator of the first line that has one: a comma, a semicolon or a tab."""
    for line in text.splitlines()[:20]:
        counts = {separator: line.count(separator) for separator in _SEPARATORS}
        best = max(counts, key=lambda separator: counts[separator])
        if counts[best]:
            return best
    return ","


def _rows_of_workbook(raw: bytes) -> Iterator[Row]:
    import openpyxl  # noqa: PLC0415 - 0.2 s, for few files

    try:
        _check_unpacked(raw)
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True) if sheet is not None else ()
        for line, values in enumerate(rows, 1):
            if values.count(None) == len(values):
                continue  # Excel counts a million rows where somebody once touched the last one
            cells = tuple(_cell(value) for value in values)
            if any(not isinstance(cell, str) or cell.strip() for cell in cells):
                yield Row(line, cells)
    except (TableFileError, MemoryError):
        raise
    except Exception as error:  # the edge: the parser of a broken workbook may raise anything
        raise TableFileError("Excel 文件已损坏、设有密码或不是表格，请另存为 .xlsx 后再试") from error


def _check_unpacked(raw: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        if sum(entry.file_size for entry in package.infolist()) > MAX_UNPACKED_BYTES:
            raise TableFileError("Excel 文件解压后过大，请拆分后再试")


def _cell(value: object) -> Cell:
    """Return a cell of a workbook; a value that is neither text, number nor date becomes text."""
    if value is None:
        return ""
    return value if isinstance(value, str | float | int | date | datetime) else str(value)


def is_note(row: Row) -> bool:
    """Whether a row holds one cell alone that begins with 注：, 说明： …: what offices write below a table."""
    filled = [text for cell in row.cells if (text := cell_text(cell))]
    return len(filled) == 1 and bool(_NOTE.match(filled[0]))
