"""A member's subscriptions and preferences: show them, save them, export all data as a file."""

import json
import re
from dataclasses import replace
from functools import partial

from aiohttp import web
from multidict import MultiDictProxy

from alerts.member.names import published_track_names
from alerts.member.own_copy import as_file
from pages.keys import SERVICES
from pages.member.entering import enter, offer, visit_of
from pages.member.form_sender import sender
from pages.member.showing import choices, redirect, refusal
from subscriptions.members.preferences import DEFAULT_LEAD_DAYS, Digest, PreferenceError, Preferences
from subscriptions.members.track_subscriptions import ChangeSource

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


async def show(request: web.Request) -> web.StreamResponse:
    """Show the page to the member of the current visit. A link from the chat (`?t=`) is handled first."""
    token = request.query.get("t")
    if token is not None:
        return await offer(request, token)
    visit = visit_of(request)
    if visit is None:
        return await enter(request)
    profile = await request.app[SERVICES].members.profile(visit.member_id)
    if profile is None:
        return refusal(request, "没有您的数据")
    return await choices(request, visit, profile)


async def save(request: web.Request) -> web.StreamResponse:
    """Save the form, all of it or nothing."""
    found = await sender(request)
    if isinstance(found, web.StreamResponse):
        return found
    visit, profile, form = found
    services = request.app[SERVICES]
    known = {track.id for track in published_track_names(services.knowledge).tracks}
    tracks = tuple(track for track in form.getall("track", ()) if track in known)
    # What stood on the page and is unticked; a topic that was chosen in the chat meanwhile stays.
    left = set(map(str, form.getall("shown_topic", ()))).difference(map(str, form.getall("topic", ())))
    try:
        preferences = _preferences(form, profile.preferences)
    except PreferenceError as error:
        return await choices(request, visit, profile, wrong=error.sentence, tracks=tracks, left_topics=left)
    # A track withdrawn from the list can't be unticked here: it stays as it is.
    kept = tuple(track for track in await services.members.tracks(profile.id) if track not in known)
    await services.members.choose(
        profile.id, (*tracks, *kept), preferences, source=ChangeSource.PAGE, left_topics=left
    )
    return redirect("/me?saved")


async def data(request: web.Request) -> web.StreamResponse:
    """Send all data about the member, as a JSON file to download."""
    visit = visit_of(request)
    services = request.app[SERVICES]
    profile = await services.members.profile(visit.member_id) if visit else None
    if profile is None:
        return refusal(request, "请从公众号进入")
    response = web.json_response(
        await as_file(services, profile), dumps=partial(json.dumps, ensure_ascii=False, indent=1)
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _preferences(form: MultiDictProxy[object], now: Preferences) -> Preferences:
    """Return the preferences in a form. A page from before announcements became a choice does not contain that field.

    Raises:
        PreferenceError: a value is not possible.
    """
    days = [str(value) for value in form.getall("day", ())]
    if not all(value.isascii() and value.isdecimal() and len(value) < 4 for value in days):
        raise PreferenceError("提前天数不对，请重新选择。")
    lead_days = tuple(sorted(map(int, days), reverse=True))
    digest = str(form.get("digest", ""))
    if digest not in set(Digest):
        raise PreferenceError("请选择发送方式。")
    quiet_from, quiet_until = 0, 0
    if form.get("quiet"):
        quiet_from, quiet_until = (_minute(str(form.get(name, ""))) for name in ("quiet_from", "quiet_until"))
        if quiet_from == quiet_until:  # equal times would mean no quiet hours
            raise PreferenceError("免打扰的开始和结束时间相同，请改为一段时间；不需要免打扰时，请取消勾选。")
    return replace(
        now,
        lead_days=None if lead_days == DEFAULT_LEAD_DAYS else lead_days,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        digest=Digest(digest),
        general=bool(form.get("general")),
        announcements=bool(form.get("announcements")) if "asks_announcements" in form else now.announcements,
        paused_until=None if form.get("resume") else now.paused_until,
    )


def _minute(value: str) -> int:
    match = _TIME.fullmatch(value.strip())
    if match is None:
        raise PreferenceError("免打扰的时间请写成 22:00 的样子。")
    return int(match[1]) * 60 + int(match[2])
