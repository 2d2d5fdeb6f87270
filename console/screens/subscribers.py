"""订阅: who follows which track, companies and their claims, members without their openids."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from alerts.member.history import member_history
from alerts.member.names import topic_name
from alerts.notices.company_decisions import tell_confirmed, tell_removed
from console.access.audit import record
from console.access.roles import Role, Route
from console.screens.ledger import STATE_NAMES
from console.services.desk import DESK
from console.web.downloads import Row, send_csv, send_xlsx
from console.web.pages import done, operator_of, page, refused
from console.web.typed_values import whole_number
from storage.clock import day_of
from subscriptions.companies.bindings import SeenClaim
from subscriptions.companies.companies import ClaimChangedError, CompanyCount
from subscriptions.files.subscriber_files import COLUMNS
from subscriptions.members.follower_counts import followers
from subscriptions.members.preference_lines import pushing
from subscriptions.privacy.export import history, subscribers

_SUBSCRIBERS = "/console/subscribers"
_PAGE = 50
_ALERTS = 20
_CHANGED = "没有改动：该成员的企业信息在此期间有变动，请按现在的内容重新核对"


async def subscribers_page(request: web.Request) -> web.StreamResponse:
    """Show followers by track, claims that wait for an operator, and companies page by page. `?company=` finds one."""
    desk = request.app[DESK]
    after, named = request.query.get("after", ""), request.query.get("company", "").strip()[:100]
    counted = await followers(desk.database)
    return await page(
        request,
        "subscribers.html",
        following=counted.everyone,
        tracks=(await desk.store.tracks()),
        counts=counted.by_track,
        claims=await desk.members.companies.claims(confirmed=False),
        companies=await desk.members.companies.counts(
            after=whole_number(after) or 0, limit=_PAGE, named=named
        ),
        named=named,
        page_size=_PAGE,
    )


async def company_page(request: web.Request) -> web.StreamResponse:
    """Show one company: its members by number, confirmed or claimed, and the tracks that new members begin with."""
    desk, company = request.app[DESK], await _company(request)
    number = company.company_id
    return await page(
        request,
        "company.html",
        company=company,
        members=await desk.members.companies.claims(company_id=number, limit=200),
        tracks=(await desk.store.tracks()).tracks,
        chosen=await desk.members.companies.tracks(number),
    )


async def _company(request: web.Request) -> CompanyCount:
    number = int(request.match_info["id"])
    for one in await request.app[DESK].members.companies.counts(after=number - 1, limit=1):
        if one.company_id == number:
            return one
    raise web.HTTPNotFound(text="没有这家企业。")


async def member_page(request: web.Request) -> web.StreamResponse:
    """Show one member: their preferences, what they were told, and every change of what they follow."""
    desk, number = request.app[DESK], int(request.match_info["id"])
    profile = await desk.members.profile(number)
    if profile is None:
        raise web.HTTPNotFound(text="没有这位成员。")
    names = {track.id: track.name for track in (await desk.store.tracks()).tracks}
    async with desk.database.read() as session:
        alerts = await member_history(session, number, limit=_ALERTS)
    return await page(
        request,
        "member.html",
        profile=profile,
        paused=pushing(profile.preferences, day_of(desk.clock())),
        alerts=alerts,
        states=STATE_NAMES,
        tracks=[names.get(track, track) for track in await desk.members.tracks(number)],
        topics=[
            topic_name(topic, desk.knowledge.index.library) for topic in await desk.members.topics(number)
        ],
        history=await history(desk.database, number),
        names=names,
    )


async def confirm_member(request: web.Request) -> web.StreamResponse:
    """Confirm a binding, after an operator has made sure that the person belongs to the company."""
    desk, operator = request.app[DESK], operator_of(request)
    member = int(request.match_info["id"])
    try:
        seen = _seen(await request.post())
        async with desk.database.write() as session:
            came = await desk.members.companies.confirm(member, seen, operator.name)
            names = {track.id: track.name for track in (await desk.store.tracks()).tracks}
            tracks = [names.get(track, track) for track in came]
            await tell_confirmed(session, member, seen.as_typed, tracks, desk.clock())
            after = {"企业": seen.company_id, "状态": "已确认"}
            record(session, operator.name, "确认企业成员", ("member", member), after=after)
    except ClaimChangedError:
        return await refused(request, _SUBSCRIBERS, _CHANGED)
    return await done(request, _SUBSCRIBERS, "已确认")


async def remove_member(request: web.Request) -> web.StreamResponse:
    """Take a member out of their company; what they follow stays theirs."""
    desk, operator = request.app[DESK], operator_of(request)
    member = int(request.match_info["id"])
    try:
        seen = _seen(await request.post())
        async with desk.database.write() as session:
            removed = await desk.members.companies.remove(member, seen)
            await tell_removed(session, member, removed, desk.clock())
            before = {"企业": seen.company_id}
            record(session, operator.name, "移出企业", ("member", member), before=before)
    except ClaimChangedError:
        return await refused(request, _SUBSCRIBERS, _CHANGED)
    return await done(request, _SUBSCRIBERS, "已移出企业")


def _seen(form: MultiDictProxy[Any]) -> SeenClaim:
    """Return the claim as shown on the page whose button was pressed.

    Raises:
        ClaimChangedError: the form names none.
    """
    company, as_typed, since = (str(form.get(name, "")) for name in ("company", "as_typed", "since"))
    try:
        return SeenClaim(int(company), as_typed, datetime.fromisoformat(since))
    except ValueError:
        raise ClaimChangedError from None


async def set_company_tracks(request: web.Request) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    number = (await _company(request)).company_id
    known = {track.id: track.name for track in (await desk.store.tracks()).tracks}
    chosen = [str(one) for one in (await request.post()).getall("tracks", []) if str(one) in known]
    async with desk.database.write() as session:
        before = await desk.members.companies.tracks(number)
        await desk.members.companies.set_tracks(number, chosen)
        record(
            session,
            operator.name,
            "企业赛道",
            ("company", number),
            before={"赛道": "、".join(known.get(track, track) for track in before)},
            after={"赛道": "、".join(known[track] for track in chosen)},
        )
    return await done(request, f"{_SUBSCRIBERS}/companies/{number}", "企业赛道已保存，新成员将从这些赛道开始")


async def export_csv(request: web.Request) -> web.StreamResponse:
    """Send every subscriber, streamed. The file holds openids, so the audit log says who downloaded it."""
    await _note_export(request)
    return await send_csv(request, "subscribers", COLUMNS, _rows(request))


async def export_xlsx(request: web.Request) -> web.StreamResponse:
    await _note_export(request)
    return await send_xlsx(request, "subscribers", COLUMNS, _rows(request))


async def _rows(request: web.Request) -> AsyncIterator[Row]:
    desk = request.app[DESK]
    names = {track.id: track.name for track in (await desk.store.tracks()).tracks}
    async for openid, company, uscc, tracks in subscribers(desk.database):
        yield openid, company, uscc, ";".join(names.get(track, track) for track in tracks)


async def _note_export(request: web.Request) -> None:
    async with request.app[DESK].database.write() as session:
        record(session, operator_of(request).name, "导出订阅者", ("subscribers", "all"))


ROUTES = (
    Route("GET", "/subscribers", subscribers_page, Role.VIEWER),
    Route("GET", "/subscribers/export.csv", export_csv, Role.ADMIN),
    Route("GET", "/subscribers/export.xlsx", export_xlsx, Role.ADMIN),
    Route("GET", r"/subscribers/companies/{id:[0-9]{1,9}}", company_page, Role.VIEWER),
    Route("POST", r"/subscribers/companies/{id:[0-9]{1,9}}/tracks", set_company_tracks, Role.EDITOR),
    Route("GET", r"/subscribers/members/{id:[0-9]{1,9}}", member_page, Role.VIEWER),
    Route("POST", r"/subscribers/members/{id:[0-9]{1,9}}/confirm", confirm_member, Role.EDITOR),
    Route(
        "POST",
        r"/subscribers/members/{id:[0-9]{1,9}}/remove",
        remove_member,
        Role.EDITOR,
        confirm="将这位成员移出企业？",
    ),
)
