"""`/p/open`, `/p/open.ics` and `/p/open.rss`; `?track=` narrows each to one track and 通用 clauses."""

import asyncio
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from alerts.wording.wording import time_left
from pages.keys import SERVICES
from pages.services import PageServices
from policies.library.models import Track
from policies.windows.feeds import calendar_of, rss_of
from policies.windows.window import Window

_FRESH_S = 600
"""Seconds for which a reader of the calendar or the feed may keep it."""


@dataclass(frozen=True, slots=True)
class ShownWindow:
    """A window with what the page says of it."""

    window: Window
    clause: str
    left: str


async def open_page(request: web.Request) -> web.Response:
    """Show what is open now, the first to close first, and what opens next."""
    services = request.app[SERVICES]
    track = _track(request)
    today = services.today()
    windows = await _current(services, track)
    coming = sorted((one for one in windows if one.opens_on > today), key=lambda one: (one.opens_on, one.id))
    page = {
        "track": track,
        "tracks": services.knowledge.index.tracks.tracks,
        "open": [_shown(services, one) for one in windows if one.is_open(today)],
        "coming": [_shown(services, one) for one in coming],
        "query": f"?track={track.id}" if track else "",
        "address": f"{services.public_url}/p/open",
    }
    return aiohttp_jinja2.render_template("open.html", request, page)


async def calendar(request: web.Request) -> web.Response:
    """Send the closing days as a calendar to subscribe to."""
    services, track = request.app[SERVICES], _track(request)
    windows = await _current(services, track)
    name = track.name if track else "全部"
    # In a thread: the first calendar loads its library.
    made = await asyncio.to_thread(calendar_of, name, windows, services.page_of, services.clock())
    return _file(made, "text/calendar")


async def feed(request: web.Request) -> web.Response:
    """Send the windows as an RSS feed."""
    services, track = request.app[SERVICES], _track(request)
    windows = await _current(services, track)
    made = rss_of(track.name if track else "", windows, services.page_of, f"{services.public_url}/p/open")
    return _file(made, "application/rss+xml")


def _file(body: bytes, kind: str) -> web.Response:
    headers = {"Cache-Control": f"public, max-age={_FRESH_S}"}
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


async def _current(services: PageServices, track: Track | None) -> list[Window]:
    """Windows that have not closed, of published clauses, the first to close first."""
    today, library = services.today(), services.knowledge.index.library
    found = []
    for window in await services.windows.recent():
        policy = library.get(window.policy_id)
        concerned = policy is not None and (not track or not policy.tracks or track.id in policy.tracks)
        if concerned and window.closes_on >= today:
            found.append(window)
    return found


def _shown(services: PageServices, window: Window) -> ShownWindow:
    library = services.knowledge.index.library
    return ShownWindow(
        window, library.name_of(window.policy_id), time_left(window.closes_on, services.today())
    )


def _track(request: web.Request) -> Track | None:
    """Return the track that `?track=` names; None for all.

    Raises:
        web.HTTPNotFound: there is no such track.
    """
    wanted = request.query.get("track", "")
    if not wanted:
        return None
    for track in request.app[SERVICES].knowledge.index.tracks.tracks:
        if track.id == wanted:
            return track
    raise web.HTTPNotFound
