"""申报期: application windows as a list and a calendar, CSV in and out, an .ics feed per track."""

import asyncio
import base64
import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from aiohttp import web

from console.access.audit import record
from console.access.audited import of_window
from console.access.entries import record_windows
from console.access.roles import Role, Route
from console.screens.window_effects import before_deleting, before_saving
from console.services.desk import DESK
from console.web.downloads import whole_csv
from console.web.kept_forms import CONFIRMED, confirm_first
from console.web.pages import done, operator_of, page, refused
from console.web.typed_values import is_plausible_year, whole_number
from policies.library.models import Policy
from policies.windows.feeds import calendar_of
from policies.windows.typed_dates import OPEN_ENDED
from policies.windows.window import Window
from policies.windows.window_fields import (
    FieldError,
    RowFault,
    WindowFields,
    WindowFileError,
    shown,
    title_of,
)
from policies.windows.window_files import sample_file, write_windows
from storage.clock import day_of

_WINDOWS = "/console/windows"
_LARGEST_FILE = 5_000_000
_MOST_REMARKS = 5
_KEPT_FILE = "kept_file"
_ASKED = 428
"""The answer that asks first (Precondition Required): nothing was done, and the form may be sent again."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar and the windows that open or close on it."""

    day: date
    in_month: bool
    opens: tuple[Window, ...]
    closes: tuple[Window, ...]


async def windows_page(request: web.Request) -> web.StreamResponse:
    """Show the list, and one month as a calendar (`?month=2026-03`)."""
    return await _show(request)


async def add_window(request: web.Request) -> web.StreamResponse:
    """Add a window, or move the close of a known one (same clause, title and first day)."""
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    typed = {
        name: str(form.get(name, "")).strip()
        for name in ("policy_id", "opens_on", "closes_on", "title", "url")
    }
    try:
        number = whole_number(typed["policy_id"]) or 0
        row = WindowFields(
            number,
            date.fromisoformat(typed["opens_on"]),
            date.fromisoformat(typed["closes_on"]) if typed["closes_on"] else OPEN_ENDED,
            title_of(typed["title"], (await desk.windows.titles()).get(number, "")),
            typed["url"],
        )
        if CONFIRMED not in form and (asked := await before_saving(desk, [row])):
            return await confirm_first(request, asked, status=_ASKED, confirmed=True)
        async with desk.database.write() as session:
            taken = await desk.windows.put([row])
            record_windows(session, operator.name, taken)
    except ValueError:
        return await _show(
            request, typed=typed, faults=[RowFault(0, "", "请填写条款号和开始日期")], status=422
        )
    except FieldError as error:
        faults = [RowFault(0, error.field, error.message)]
        return await _show(request, typed=typed, faults=faults, status=422)
    except WindowFileError as error:
        return await _show(request, typed=typed, faults=error.faults, status=422)
    said = "已新增" if taken.added else "已更新" if taken.changed else "没有改动"
    return await done(request, _WINDOWS, f"申报期{said}")


async def import_windows(request: web.Request) -> web.StreamResponse:
    """Import a CSV or an Excel file: all of it, or nothing. Each wrong line is named."""
    desk, operator = request.app[DESK], operator_of(request)
    form = await request.post()
    raw = _file_of(form)
    if raw is None:
        return await refused(request, _WINDOWS, "请选择 CSV 或 Excel 文件")
    try:
        reading = await desk.windows.read_file(raw)
        if CONFIRMED not in form and (asked := await before_saving(desk, reading.rows)):
            kept = [(_KEPT_FILE, base64.b64encode(raw).decode())]
            return await confirm_first(request, asked, status=_ASKED, confirmed=True, more=kept)
        async with desk.database.write() as session:
            taken = await desk.windows.put(reading.rows)
            said = f"新增 {len(taken.added)} 个，更新 {len(taken.changed)} 个，未变 {taken.unchanged} 个"
            record(session, operator.name, "导入申报期", ("window", "csv"), after={"结果": said})
            record_windows(session, operator.name, taken)
    except WindowFileError as error:
        return await _show(request, faults=error.faults, status=422)
    return await done(request, _WINDOWS, "；".join([said, *islice(shown(reading.remarks), _MOST_REMARKS)]))


def _file_of(form: Mapping[str, Any]) -> bytes | None:
    """Return the file that was chosen, or that waits in the page of a question."""
    upload = form.get("file")
    if isinstance(upload, web.FileField):
        return upload.file.read(_LARGEST_FILE + 1)
    try:
        return base64.b64decode(str(form.get(_KEPT_FILE, "")), validate=True) or None
    except ValueError:
        return None


async def sample(request: web.Request) -> web.StreamResponse:
    """Send a sample file to fill in. Excel opens it directly."""
    return whole_csv(sample_file(await request.app[DESK].store.published()), "windows-sample.csv")


async def remove_window(request: web.Request) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    window = await desk.windows.get(int(request.match_info["id"]))
    if window is None:
        return await refused(request, _WINDOWS, "没有这个申报期")
    if CONFIRMED not in await request.post():
        asked = await before_deleting(desk, window)
        return await confirm_first(request, asked, status=_ASKED, confirmed=True)
    async with desk.database.write() as session:
        if not await desk.windows.remove(window.id):
            return await refused(request, _WINDOWS, "没有这个申报期")
        record(session, operator.name, "删除申报期", ("policy", window.policy_id), before=of_window(window))
    return await done(request, _WINDOWS, "申报期已删除，未发出的提醒一并撤回，收到过提醒的成员会收到取消通知")


async def export_windows(request: web.Request) -> web.StreamResponse:
    return whole_csv(
        write_windows(await request.app[DESK].windows.all(), await request.app[DESK].store.published()),
        "windows.csv",
    )


async def feed(request: web.Request) -> web.StreamResponse:
    """Send the windows of a track (and of 通用 clauses) as a calendar to subscribe to."""
    desk = request.app[DESK]
    track = request.match_info["track"]
    known = {one.id: one.name for one in (await desk.store.tracks()).tracks}
    if track not in known:
        raise web.HTTPNotFound(text="没有这个赛道。")
    policies = {policy.key: policy for policy in (await desk.store.published()).policies}
    windows = [one for one in await desk.windows.all() if _concerns(policies.get(one.policy_id), track)]
    # In a thread: the first calendar loads its library.
    made = await asyncio.to_thread(
        calendar_of, known[track], windows, lambda key: f"{desk.public_url}/p/{key}", desk.clock()
    )
    return web.Response(body=made, content_type="text/calendar", charset="utf-8")


def _concerns(policy: Policy | None, track: str) -> bool:
    return policy is not None and (not policy.tracks or track in policy.tracks)


async def _show(
    request: web.Request,
    *,
    typed: dict[str, str] | None = None,
    faults: Iterable[RowFault] = (),
    status: int = 200,
) -> web.StreamResponse:
    desk = request.app[DESK]
    today = day_of(desk.clock())
    windows = await desk.windows.all()
    month = _month(request.query.get("month", ""), today)
    return await page(
        request,
        "windows.html",
        status=status,
        windows=windows,
        today=today,
        month=month,
        before=month - timedelta(days=1),
        after=month + timedelta(days=31),
        weeks=weeks_of(month, windows),
        titles=await desk.windows.titles(),
        tracks=(await desk.store.tracks()).tracks,
        typed=typed or {},
        faults=list(faults),
    )


def weeks_of(month: date, windows: Iterable[Window]) -> list[list[Day]]:
    """Return the weeks of a month, Monday first, with what opens and closes on each day."""
    listed = list(windows)
    return [
        [
            Day(
                day,
                day.month == month.month,
                tuple(one for one in listed if one.opens_on == day),
                tuple(one for one in listed if one.closes_on == day),
            )
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]


def _month(asked: str, today: date) -> date:
    try:
        month = datetime.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    return month.date() if is_plausible_year(month) else today.replace(day=1)


ROUTES = (
    Route("GET", "/windows", windows_page, Role.VIEWER),
    Route("POST", "/windows", add_window, Role.EDITOR),
    Route(
        "POST",
        "/windows/import",
        import_windows,
        Role.EDITOR,
        largest_body=_LARGEST_FILE * 4 // 3 + 64 * 1024,
    ),
    Route("GET", "/windows/export.csv", export_windows, Role.VIEWER),
    Route("GET", "/windows/sample.csv", sample, Role.VIEWER),
    Route("POST", r"/windows/{id:[0-9]{1,9}}/remove", remove_window, Role.EDITOR),
    Route("GET", r"/windows/{track:[a-z0-9-]{1,32}}.ics", feed, None),
)
