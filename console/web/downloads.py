"""Tables as downloads. Long ones are streamed: rows are sent as they come, and none stays in memory."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import closing

from aiohttp import web

from console.web.workbooks import StreamedWorkbook
from storage.files.spreadsheets import escape_formula

_ROWS_AT_ONCE = 1_000
_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel does not read a CSV as UTF-8."""

Row = Sequence[str | int]


def whole_csv(text: str, name: str) -> web.Response:
    """Send a finished CSV text as a file."""
    return web.Response(
        body=text.encode("utf-8-sig"),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def send_csv(
    request: web.Request, name: str, header: Row, rows: AsyncIterator[Row]
) -> web.StreamResponse:
    """Answer with a CSV that holds no formula."""
    response = await _begin(request, f"{name}.csv", "text/csv")
    buffer = io.StringIO()
    buffer.write(_BYTE_ORDER_MARK)
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    async for some in _in_batches(rows):
        writer.writerows(some)
        await response.write(buffer.getvalue().encode())
        buffer.seek(0)
        buffer.truncate()
    await response.write(buffer.getvalue().encode())
    await response.write_eof()
    return response


async def send_xlsx(
    request: web.Request, name: str, header: Row, rows: AsyncIterator[Row]
) -> web.StreamResponse:
    """Answer with an XLSX that holds no formula; it is packed off the event loop."""
    response = await _begin(
        request, f"{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    with closing(StreamedWorkbook(name, header)) as book:
        async for some in _in_batches(rows):
            await response.write(await asyncio.to_thread(book.add, some))
        await response.write(await asyncio.to_thread(book.end))
    await response.write_eof()
    return response


async def _in_batches(rows: AsyncIterator[Row]) -> AsyncIterator[list[list[str | int]]]:
    """Yield batches of rows in which no text is a formula. Numbers do not change."""
    some = []
    async for row in rows:
        some.append([cell if isinstance(cell, int) else escape_formula(cell) for cell in row])
        if len(some) == _ROWS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


async def _begin(request: web.Request, filename: str, content_type: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{filename}"'})
    response.content_type = content_type
    if content_type == "text/csv":
        response.charset = "utf-8"
    await response.prepare(request)
    return response
