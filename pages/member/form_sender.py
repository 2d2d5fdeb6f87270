"""Who sent a form of `/me`: the member of the visit, if the form came from our page."""

from aiohttp import web
from multidict import MultiDictProxy

from pages.keys import SERVICES
from pages.member.entering import visit_of
from pages.member.showing import refusal
from subscriptions.directory import Profile
from subscriptions.members.member_tokens import MemberToken


async def sender(
    request: web.Request,
) -> tuple[MemberToken, Profile, MultiDictProxy[object]] | web.StreamResponse:
    """The visit, the member and the form. A form from another site or from an expired visit is refused."""
    services = request.app[SERVICES]
    visit = visit_of(request)
    if visit is None:  # the body of a stranger is not read
        return refusal(request, "页面已超时，内容没有保存")
    form = await request.post()
    if not services.member_tokens.is_form_token(visit, str(form.get("form", ""))):
        return refusal(request, "页面已超时，内容没有保存")
    profile = await services.members.profile(visit.member_id)
    if profile is None:
        return refusal(request, "没有您的数据")
    return visit, profile, form  # type: ignore[return-value]
