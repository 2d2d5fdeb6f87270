"""审计: who changed what, filtered, page by page, and as a file."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

from aiohttp import web

from console.access.audit import Filter, entries, known_values, record
from console.access.roles import Role, Route
from console.services.desk import DESK
from console.web.downloads import Row, send_csv
from console.web.formats import SUBJECT_KINDS, fields, moment, subject
from console.web.pages import operator_of, page
from storage.clock import midnight_of
from storage.sql.base import LARGEST_INTEGER

_PAGE = 50
_EXPORT_PAGE = 1_000
_HEADER = ("时间", "操作人", "操作", "对象", "之前", "之后")
_NAMES = ("actor", "action", "kind", "since", "until")


async def audit_page(request: web.Request) -> web.StreamResponse:
    """Show the newest entries first. `?before=` continues where a page ended."""
    database = request.app[DESK].database
    before = request.query.get("before", "")
    older_than = int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None
    log = await entries(database, _wanted(request), before_id=older_than, limit=_PAGE)
    actors, actions = await known_values(database)
    asked = {name: request.query.get(name, "") for name in _NAMES}
    return await page(
        request,
        "audit.html",
        log=log,
        asked=asked,
        query={name: value for name, value in asked.items() if value},
        actors=[(name, name) for name in actors],
        actions=[(name, name) for name in actions],
        kinds=SUBJECT_KINDS,
        page_size=_PAGE,
    )


async def export_csv(request: web.Request) -> web.StreamResponse:
    """Send all entries that are asked for, streamed."""
    async with request.app[DESK].database.write() as session:
        asked = {name: request.query[name] for name in _NAMES if request.query.get(name)}
        record(session, operator_of(request).name, "导出审计", ("audit", "all"), after=asked)
    return await send_csv(request, "audit", _HEADER, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    database, wanted, before = request.app[DESK].database, _wanted(request), LARGEST_INTEGER
    while True:
        log = await entries(database, wanted, before_id=before, limit=_EXPORT_PAGE)
        for entry in log:
            yield (
                moment(entry.at),
                entry.actor,
                entry.action,
                subject(entry),
                fields(entry.before),
                fields(entry.after),
            )
        if len(log) < _EXPORT_PAGE:
            return
        before = log[-1].id


def _wanted(request: web.Request) -> Filter:
    asked = request.query
    until = _midnight(asked.get("until", ""))
    return Filter(
        actor=asked.get("actor", ""),
        action=asked.get("action", ""),
        kind=asked.get("kind", ""),
        since=_midnight(asked.get("since", "")),
        until=until + timedelta(days=1) if until else None,
    )


def _midnight(day: str) -> datetime | None:
    """Return the beginning of a day in Asia/Shanghai; None if it is no day, or too near the end of the calendar."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return None
    if not 2000 <= found.year < 2200:
        return None
    return midnight_of(found)


ROUTES = (
    Route("GET", "/audit", audit_page, Role.APPROVER),
    Route("GET", "/audit/export.csv", export_csv, Role.APPROVER),
)
