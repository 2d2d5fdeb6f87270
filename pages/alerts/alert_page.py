"""`/p/a/{token}`: one alert in full, for the member who received it, with the button 已申报."""

import aiohttp_jinja2
from aiohttp import web

from alerts.member.inbox import ReceivedAlert
from alerts.member.page_links import BadLinkError
from alerts.model.content import AlertKind
from alerts.wording import wording
from pages.alerts.changes import shown_change
from pages.keys import SERVICES
from policies.windows.typed_dates import OPEN_ENDED

_REMINDING = frozenset({AlertKind.OPENING, AlertKind.DEADLINE, AlertKind.DATE_CHANGED})


async def alert_page(request: web.Request) -> web.Response:
    """Show the alert: its dates, the old and new words of a change, the text of an announcement.

    Raises:
        web.HTTPNotFound: the link is not valid, or its member was erased.
    """
    services = request.app[SERVICES]
    told, campaign_id, member_id = await _told(request)
    content = told.content
    window = await services.windows.get(content.window_id) if content.window_id is not None else None
    today = services.today()
    reminding = told.kind in _REMINDING and window is not None and today <= window.closes_on
    done = reminding and content.window_id in await services.alerts.applied_windows(member_id)
    index = services.knowledge.index
    page = {
        "told": told,
        "content": content,
        "changes": [shown_change(told.kind, one) for one in content.changes],
        "heading": wording.heading((told.kind, content)),
        "summary": wording.summary((told.kind, content), today),
        "closes_on": content.closes_on,
        "open_ended": content.closes_on == OPEN_ENDED,
        "left": wording.time_left(content.closes_on, today) if content.window_id is not None else "",
        "policy": index.policy(content.policy_id) if content.policy_id is not None else None,
        "clause_name": index.library.name_of(content.policy_id) if content.policy_id is not None else "",
        "reminding": reminding,
        "done": done,
        "others": [
            {
                "page": f"/p/a/{token}",
                "title": other.content.title,
                "said": f"{wording.heading(alert)}：{wording.summary(alert, today)}",
            }
            for token, other in await services.alerts.told_together(campaign_id, member_id)
            for alert in [(other.kind, other.content)]
        ],
        "here": f"/p/a/{request.match_info['token']}",
    }
    response = aiohttp_jinja2.render_template("alert.html", request, page)
    response.headers["Cache-Control"] = "no-store"  # it is one member's
    return response


async def applied(request: web.Request) -> web.Response:
    """已申报: stop the reminders of this window for this member, then show the page again."""
    told, _, member_id = await _told(request)
    if told.content.window_id is not None:
        await request.app[SERVICES].alerts.applied(member_id, told.content.window_id)
    raise web.HTTPSeeOther(f"/p/a/{request.match_info['token']}")


async def not_applied(request: web.Request) -> web.Response:
    """Undo 已申报, then show the page again."""
    told, _, member_id = await _told(request)
    if told.content.window_id is not None:
        await request.app[SERVICES].alerts.not_applied(member_id, told.content.window_id)
    raise web.HTTPSeeOther(f"/p/a/{request.match_info['token']}")


async def _told(request: web.Request) -> tuple[ReceivedAlert, int, int]:
    """Return the alert of a link, its campaign and its member."""
    alerts = request.app[SERVICES].alerts
    try:
        campaign_id, member_id = alerts.links.read(request.match_info["token"])
    except BadLinkError:
        raise web.HTTPNotFound from None
    told = await alerts.told(campaign_id, member_id)
    if told is None:
        raise web.HTTPNotFound
    return told, campaign_id, member_id
