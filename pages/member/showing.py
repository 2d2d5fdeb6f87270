"""The responses of `/me`: the form, the form with an error, or a refusal."""

from collections.abc import Collection

import aiohttp_jinja2
from aiohttp import web

from alerts.member.names import published_track_names, topic_name
from pages.keys import SERVICES
from subscriptions.directory import Profile
from subscriptions.members.member_tokens import MemberToken
from subscriptions.members.preference_lines import clock_time, pushing
from subscriptions.members.preferences import DEFAULT_LEAD_DAYS, DIGEST_NAMES

OFFERED_DAYS = (60, *DEFAULT_LEAD_DAYS)


async def choices(
    request: web.Request,
    visit: MemberToken,
    profile: Profile,
    *,
    wrong: str = "",
    tracks: tuple[str, ...] | None = None,
    left_topics: Collection[str] = (),
) -> web.Response:
    """Show the form with the saved values, or with the submitted values and the error `wrong` (status 422)."""
    services = request.app[SERVICES]
    names, library = published_track_names(services.knowledge), services.knowledge.index.library
    now = profile.preferences
    days = sorted({*OFFERED_DAYS, *now.effective_lead_days}, reverse=True)
    page = {
        "tracks": names.tracks,
        "provisional": services.knowledge.index.tracks.provisional,
        "followed": set(await services.members.tracks(profile.id) if tracks is None else tracks),
        "topics": [
            (topic.id, topic_name(topic, library)) for topic in await services.members.topics(profile.id)
        ],
        "left_topics": left_topics,
        "days": days,
        "chosen_days": set(now.effective_lead_days),
        "quiet": now.quiet_from != now.quiet_until,
        "quiet_from": clock_time(now.quiet_from),
        "quiet_until": clock_time(now.quiet_until),
        "digests": DIGEST_NAMES,
        "preferences": now,
        "paused": pushing(now, services.today()),
        "binding": profile.binding,
        "following": profile.following,
        "form_token": services.member_tokens.form_token(visit),
        "saved": "saved" in request.query,
        "wrong": wrong,
    }
    return aiohttp_jinja2.render_template("choices.html", request, page, status=422 if wrong else 200)


def refusal(request: web.Request, why: str) -> web.Response:
    """Return a page that says why access is refused and how to enter (status 403)."""
    return aiohttp_jinja2.render_template("refused.html", request, {"why": why}, status=403)


def redirect(address: str) -> web.Response:
    """Return a redirect that the browser follows with a GET (status 303)."""
    return web.Response(status=303, headers={"Location": address})
