"""`/me/company`: the company's own view: what fits, what is open, what was applied for; and what is kept of it."""

import aiohttp_jinja2
from aiohttp import web

from pages.keys import SERVICES
from pages.member.entering import enter, visit_of
from pages.member.form_sender import sender
from pages.member.showing import redirect, refusal
from policies.company_facts.result_view import view_of
from policies.company_facts.wording import CARE


async def show(request: web.Request) -> web.StreamResponse:
    """Show the page to the member of the current visit."""
    services = request.app[SERVICES]
    visit = visit_of(request)
    if visit is None:
        return await enter(request)
    profile = await services.members.profile(visit.member_id)
    if profile is None:
        return refusal(request, "没有您的数据")
    kept = await services.profiles.of_member(profile.id)
    told = services.matching.facts.read_kept(kept.facts) if kept else {}
    windows = await services.windows.recent()
    library, today = services.knowledge.index.library, services.today()
    view = view_of(told, services.matching.catalogue, library, windows, today) if told else None
    fitting = {one.key for one in (*view.likely, *view.maybe)} if view else set()
    applied = [
        await services.windows.get(window) for window in await services.alerts.applied_windows(profile.id)
    ]
    page = {
        "binding": profile.binding,
        "kept": kept,
        "view": view,
        "open": [one for one in windows if one.policy_id in fitting and one.is_open(today)],
        "applied": [window for window in applied if window is not None],
        "name": library.name_of,
        "care": CARE,
        "change": f"/match?f={services.fact_links.token(told)}" if told else "/match",
        "form_token": services.member_tokens.form_token(visit),
    }
    return aiohttp_jinja2.render_template("company.html", request, page)


async def change(request: web.Request) -> web.StreamResponse:
    """Set alerts by profile, or erase what is kept."""
    found = await sender(request)
    if isinstance(found, web.StreamResponse):
        return found
    _visit, profile, form = found
    profiles = request.app[SERVICES].profiles
    match str(form.get("do", "")):
        case "erase":
            await profiles.erase(profile.id)
        case "alerts":
            await profiles.want_alerts(profile.id, wanted=True)
        case "no-alerts":
            await profiles.want_alerts(profile.id, wanted=False)
    return redirect("/me/company")
