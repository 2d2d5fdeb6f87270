"""Who may see `/me`: the first browser that opens a link from the chat, or the person whom WeChat's sign-in names."""

import hmac

import aiohttp_jinja2
import structlog
from aiohttp import web

from pages.keys import SERVICES
from pages.member.keys import SIGN_IN, STATE_COOKIE, VISIT_COOKIE
from pages.member.showing import redirect, refusal
from pages.member.sign_in import SignIn, SignInError, state_of
from subscriptions.members.member_tokens import LIFETIME_S, BadMemberTokenError, MemberToken, Purpose
from wechat.api.errors import ApiFailure

_log = structlog.get_logger(__name__)


def visit_of(request: web.Request) -> MemberToken | None:
    """Return the current visit of this browser, from its cookie; None if there is none."""
    try:
        return request.app[SERVICES].member_tokens.read(Purpose.VISIT, request.cookies.get(VISIT_COOKIE, ""))
    except BadMemberTokenError:
        return None


async def offer(request: web.Request, token: str) -> web.StreamResponse:
    """Show a button for a link from the chat.

    The GET does not use the link up, because link scanners and previews fetch every address they see.
    """
    link = _link(request, token)
    if isinstance(link, web.StreamResponse):
        return link
    visit = visit_of(request)
    if visit is not None and visit.member_id == link.member_id:
        return redirect("/me")
    sign_in = request.app[SIGN_IN]
    if sign_in is not None:
        return _to_wechat(request, sign_in, link.member_id)
    return aiohttp_jinja2.render_template("enter.html", request, {"token": token})


async def enter_by_link(request: web.Request) -> web.StreamResponse:
    """The button was pressed. The first browser that does so enters; the link is then used up."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return refusal(request, "请从公众号进入")  # another site's form
    link = _link(request, str((await request.post()).get("t", "")))
    if isinstance(link, web.StreamResponse):
        return link
    if request.app[SIGN_IN] is not None:
        return refusal(request, "请从公众号进入")  # WeChat says who it is, a link alone does not
    if not await request.app[SERVICES].member_tokens.claim(link):
        return refusal(request, "链接已在别处打开过")
    return _entered(request, link.member_id)


def _link(request: web.Request, token: str) -> MemberToken | web.StreamResponse:
    """Return the content of a link, or the page that says why it is refused."""
    try:
        return request.app[SERVICES].member_tokens.read(Purpose.LINK, token)
    except BadMemberTokenError as error:
        return refusal(request, "链接已过期" if error.expired else "链接不完整或已失效")


async def enter(request: web.Request) -> web.StreamResponse:
    """Use WeChat's web sign-in, if there is no visit and no link, and the account may use it."""
    sign_in = request.app[SIGN_IN]
    if sign_in is None:
        return refusal(request, "请从公众号进入")
    return _to_wechat(request, sign_in, 0)


async def signed_in(request: web.Request) -> web.StreamResponse:
    """The browser returns from WeChat. Some phones make this request twice."""
    if visit_of(request) is not None:
        return redirect("/me")
    sign_in, services = request.app[SIGN_IN], request.app[SERVICES]
    if sign_in is None:
        raise web.HTTPNotFound
    try:
        started = services.member_tokens.read(Purpose.SIGN_IN, request.cookies.get(STATE_COOKIE, ""))
    except BadMemberTokenError:
        return refusal(request, "登录已超时")
    if not hmac.compare_digest(state_of(started).encode(), request.query.get("state", "").encode()):
        return refusal(request, "登录已超时")
    try:
        openid = await sign_in.openid(request.query.get("code", "")[:512])
    except (SignInError, ApiFailure) as error:
        _log.warning("me.sign_in_failed", reason=str(error))
        return refusal(request, "微信没有确认身份")
    member_id = await services.members.ensure(openid)
    if started.member_id not in {0, member_id}:
        return refusal(request, "这个链接是发给别人的")
    response = _entered(request, member_id)
    response.del_cookie(STATE_COOKIE, path="/me")
    return response


def _to_wechat(request: web.Request, sign_in: SignIn, member_id: int) -> web.StreamResponse:
    services = request.app[SERVICES]
    text = services.member_tokens.sign(Purpose.SIGN_IN, member_id)
    started = services.member_tokens.read(Purpose.SIGN_IN, text)
    response = redirect(sign_in.address(f"{services.public_url}/me/signed-in", state_of(started)))
    _set_cookie(request, response, STATE_COOKIE, text, Purpose.SIGN_IN)
    return response


def _entered(request: web.Request, member_id: int) -> web.StreamResponse:
    response = redirect("/me")
    text = request.app[SERVICES].member_tokens.sign(Purpose.VISIT, member_id)
    _set_cookie(request, response, VISIT_COOKIE, text, Purpose.VISIT)
    return response


def _set_cookie(
    request: web.Request, response: web.StreamResponse, name: str, text: str, purpose: Purpose
) -> None:
    response.set_cookie(
        name,
        text,
        max_age=LIFETIME_S[purpose],
        path="/me",
        httponly=True,
        samesite="Lax",
        secure=request.app[SERVICES].public_url.startswith("https://"),
    )
