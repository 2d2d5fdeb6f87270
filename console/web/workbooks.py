"""An XLSX written row by row to a stream that cannot seek, so that a download begins at once.

The rows of a sheet are plain XML. openpyxl makes the other parts at the end, when the number of sheets is known. A zip
archive may hold its parts in any order.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

_SHEET = "xl/worksheets/sheet{}.xml"
_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_TAIL = "</sheetData></worksheet>"
_NUMBER = "<c><v>{}</v></c>"
_EXACT = 2**53
"""A spreadsheet drops digits of a larger whole number, so it is written as text."""
_CELL = '<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, Char


class StreamedWorkbook:
    """A workbook of texts and whole numbers. The caller takes its finished bytes from time to time.

    Args:
        name: of the first sheet; a further one is numbered.
        header: the first row of each sheet.
        rows_a_sheet: without the header; Excel opens 1,048,576 in all.
    """

    def __init__(self, name: str, header: Sequence[str | int], rows_a_sheet: int = 1_000_000) -> None:
        self._name, self._header, self._rows_a_sheet = name, header, rows_a_sheet
        self._out = _Outlet()
        self._archive = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._sheets = self._rows = 0
        self._sheet = self._next_sheet()

    def add(self, rows: Iterable[Sequence[str | int]]) -> bytes:
        """Write rows; gives the bytes that are ready."""
        written: list[str] = []
        for row in rows:
            if self._rows == self._rows_a_sheet:
                self._sheet.write("".join(written).encode())
                written.clear()
                self._end_sheet()
                self._sheet = self._next_sheet()
            written.append(_row(row))
            self._rows += 1
        self._sheet.write("".join(written).encode())
        return self._out.take()

    def end(self) -> bytes:
        """Finish the workbook; gives the remaining bytes."""
        from openpyxl import Workbook  # noqa: PLC0415 - 0.2 s and 30 MB, for the first of few downloads

        self._end_sheet()
        frame = Workbook(write_only=True)
        for number in range(1, self._sheets + 1):
            frame.create_sheet(self._name if number == 1 else f"{self._name} {number}")
        with io.BytesIO() as saved:
            frame.save(saved)
            with zipfile.ZipFile(saved) as parts:
                for part in parts.namelist():
                    if not part.startswith("xl/worksheets/"):
                        self._archive.writestr(part, parts.read(part))
        self._archive.close()
        return self._out.take()

    def close(self) -> None:
        """Drop an unfinished workbook, for example after the browser has gone."""
        self._sheet.close()
        self._archive.close()

    def _next_sheet(self) -> IO[bytes]:
        self._sheets, self._rows = self._sheets + 1, 0
        sheet = self._archive.open(_SHEET.format(self._sheets), "w")
        sheet.write(f"{_HEAD}{_row(self._header)}".encode())
        return sheet

    def _end_sheet(self) -> None:
        self._sheet.write(_TAIL.encode())
        self._sheet.close()


class _Outlet(io.RawIOBase):
    """Holds what was written until it is taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


def _row(cells: Sequence[str | int]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: str | int) -> str:
    if isinstance(value, int) and abs(value) <= _EXACT:
        return _NUMBER.format(value)
    return _CELL.format(escape(_NOT_IN_XML.sub("", str(value))))
