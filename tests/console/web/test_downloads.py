"""Downloads begin with the first row, hold a few rows at a time, and read as what was written."""

import asyncio
import io
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.abc import MetaPathFinder

import openpyxl
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from console.web.downloads import Row, send_csv, send_xlsx
from console.web.workbooks import StreamedWorkbook
from tests.console.conftest import sign_in
from tests.kit.properties import examples, given, st

HEADER = ("成员", "说明")


def written(rows: list[tuple[str, ...]], rows_a_sheet: int = 1_000_000) -> dict[str, list[tuple[str, ...]]]:
    """What a spreadsheet program reads in each sheet."""
    book = StreamedWorkbook("rows", HEADER, rows_a_sheet)
    data = b"".join([*(book.add([row]) for row in rows), book.end()])
    book.close()
    read = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: [tuple(cell or "" for cell in row) for row in sheet.iter_rows(values_only=True)]
        for sheet in read.worksheets
    }


def test_texts_come_back_as_they_were() -> None:
    rows = [("1", "<b>&\"'"), ("2", " leading\nand more "), ("3", "海水淡化😀")]
    assert written(rows) == {"rows": [HEADER, *rows]}


def test_numbers_are_numbers_and_a_code_of_digits_stays_a_text() -> None:
    rows = [(7, "0371", 2**53 + 1)]
    book = StreamedWorkbook("rows", ("编号", "代码", "很大"))
    data = book.add(rows) + book.end()
    book.close()
    sheet = openpyxl.load_workbook(io.BytesIO(data))["rows"]
    assert next(sheet.iter_rows(min_row=2, values_only=True)) == (7, "0371", str(2**53 + 1))


def test_what_xml_can_not_hold_is_left_out() -> None:
    assert written([("1", "a\x00b\x1bc\ud800d\ufffe")]) == {"rows": [HEADER, ("1", "abcd")]}


@examples(60)
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=5))
def test_any_texts_make_a_file_that_opens(rows: list[tuple[str, str]]) -> None:
    assert len(written(rows)["rows"]) == len(rows) + 1


def test_a_full_sheet_is_followed_by_another_with_its_header() -> None:
    rows = [(str(n), "") for n in range(5)]
    assert written(rows, 2) == {
        "rows": [HEADER, *rows[:2]],
        "rows 2": [HEADER, *rows[2:4]],
        "rows 3": [HEADER, rows[4]],
    }


def test_an_empty_table_is_a_sheet_with_its_header() -> None:
    assert written([]) == {"rows": [HEADER]}


Send = Callable[[web.Request, str, Row, AsyncIterator[Row]], Awaitable[web.StreamResponse]]


@pytest.mark.parametrize("send", [send_csv, send_xlsx])
async def test_a_download_begins_before_its_last_row_is_known(send: Send) -> None:
    reading = asyncio.Event()

    async def rows() -> AsyncIterator[Row]:
        for n in range(3_000):
            yield (str(n), "=1+1")
        await asyncio.wait_for(reading.wait(), 5)
        yield ("last", "row")

    async def handle(request: web.Request) -> web.StreamResponse:
        return await send(request, "rows", HEADER, rows())

    app = web.Application()
    app.router.add_get("/", handle)
    async with TestClient(TestServer(app)) as client, client.get("/") as answer:
        begun = await answer.content.readany()
        reading.set()
        assert len(begun) + len(await answer.read()) > 1_000


async def test_a_browser_that_goes_away_leaves_nothing_open() -> None:
    gone = asyncio.Event()

    async def rows() -> AsyncIterator[Row]:
        try:
            for n in range(10_000_000):
                yield (str(n), "x" * 50)
        finally:
            gone.set()

    async def handle(request: web.Request) -> web.StreamResponse:
        return await send_xlsx(request, "rows", HEADER, rows())

    app = web.Application()
    app.router.add_get("/", handle)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/")
        await answer.content.readany()
        answer.close()
        await asyncio.wait_for(gone.wait(), 10)


class _Watch(MetaPathFinder):
    """Notes which thread begins to load a library."""

    def __init__(self, library: str) -> None:
        self._library = library
        self.threads: list[threading.Thread] = []

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> None:
        if fullname == self._library:
            self.threads.append(threading.current_thread())


@pytest.mark.parametrize(
    ("library", "path"), [("icalendar", "windows/nev.ics"), ("openpyxl", "subscribers/export.xlsx")]
)
async def test_the_first_download_loads_its_library_off_the_loop(
    desk, library: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await desk()
    await sign_in(client, "admin")
    for loaded in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, loaded)
    watch = _Watch(library)
    monkeypatch.setattr(sys, "meta_path", [watch, *sys.meta_path])
    answer = await client.get(f"/console/{path}")
    assert answer.status == 200
    assert await answer.read()
    assert watch.threads
    assert threading.main_thread() not in watch.threads
