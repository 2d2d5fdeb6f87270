"""Tables as files to take away, streamed: a row never waits for the last one."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from tempfile import SpooledTemporaryFile

from aiohttp import web
from openpyxl import Workbook

from storage.spreadsheets import harmless

_CHUNK = 65_536
_LARGEST_IN_MEMORY = 5_000_000
_ROWS_A_SHEET = 1_000_000
"""Excel opens 1,048,576 rows a sheet."""
_BYTE_ORDER_MARK = "\ufeff"
"""Excel reads UTF-8 only so."""

Row = Sequence[str]


async def send_csv(
    request: web.Request, name: str, header: Row, rows: AsyncIterator[Row]
) -> web.StreamResponse:
    """Answer with a CSV that holds no formula."""
    response = await _begin(request, f"{name}.csv", "text/csv")
    buffer = io.StringIO(_BYTE_ORDER_MARK)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    async for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        if buffer.tell() > _CHUNK:
            await response.write(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    await response.write(buffer.getvalue().encode())
    await response.write_eof()
    return response


async def send_xlsx(
    request: web.Request, name: str, header: Row, rows: AsyncIterator[Row]
) -> web.StreamResponse:
    """Answer with an XLSX that holds no formula; a new sheet begins where one is full."""
    book = Workbook(write_only=True)
    sheet, count = book.create_sheet(name), 0
    sheet.append(list(header))
    async for row in rows:
        if count and count % _ROWS_A_SHEET == 0:
            sheet = book.create_sheet(f"{name} {count // _ROWS_A_SHEET + 1}")
            sheet.append(list(header))
        sheet.append([harmless(cell) for cell in row])
        count += 1
    with SpooledTemporaryFile(max_size=_LARGEST_IN_MEMORY) as file:
        await asyncio.to_thread(book.save, file)
        file.seek(0)
        response = await _begin(
            request, f"{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
        while chunk := file.read(_CHUNK):
            await response.write(chunk)
    await response.write_eof()
    return response


async def _begin(request: web.Request, filename: str, content_type: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{filename}"'})
    response.content_type = content_type
    if content_type == "text/csv":
        response.charset = "utf-8"
    await response.prepare(request)
    return response
