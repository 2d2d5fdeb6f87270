"""Who is behind a request: the session, its time-outs, and the proof that a form is of our own page."""

import secrets
from datetime import datetime
from hmac import compare_digest
from typing import Any

from aiohttp import web
from aiohttp_session import STORAGE_KEY, Session, get_session, new_session
from aiohttp_session.redis_storage import RedisStorage
from redis.asyncio import Redis
from yarl import URL

from console.access.operators import Operators, SignedIn
from storage.clock import Clock

COOKIE = "desk"
IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 12 * 60 * 60
OPERATOR = web.RequestKey("operator", SignedIn)
OPERATORS = web.AppKey("operators", Operators)
PUBLIC_URL = web.AppKey("public_url", str)
"""The address people know us by; its origin is one of our own."""
REAL_TIME: "web.AppKey[Clock]" = web.AppKey("real_time")
"""Sessions end by real time, even if the sandbox has set another date."""
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
SIGN_IN = "/console/sign-in"
SIGN_IN_COOKIE = "desk_sign_in"


class Sessions(RedisStorage):
    """Sessions in Redis. An empty session is not stored: a visitor who has not signed in leaves nothing there."""

    def __init__(self, redis: Redis, *, secure: bool) -> None:
        super().__init__(
            redis,
            cookie_name=COOKIE,
            path="/console",
            max_age=ABSOLUTE_SECONDS,
            httponly=True,
            secure=secure,
            samesite="Lax",
        )
        self._client = redis

    async def save_session(
        self, request: web.Request, response: web.StreamResponse, session: Session
    ) -> None:
        if not session.empty:
            await super().save_session(request, response, session)
            return
        self.save_cookie(response, "", max_age=session.max_age)
        if session.identity is not None:
            await self._client.delete(f"{self.cookie_name}_{session.identity}")


async def begin_session(request: web.Request, operator: SignedIn) -> None:
    """Sign an operator in, with a new session under a new id. Sessions with an older stamp are no longer valid."""
    session = await new_session(request)
    now = int(_now(request).timestamp())
    session.update(
        operator=operator.id, stamp=operator.stamp, began=now, seen=now, csrf=secrets.token_urlsafe(32)
    )


async def signed_in_operator(request: web.Request) -> SignedIn | None:
    """Return the operator of this request. Return None without a session, after its time-out, or after a change
    of the account.
    """
    session = await get_session(request)
    if "operator" not in session:
        return None
    operator = await _operator_behind(request, session)
    now = int(_now(request).timestamp())
    if operator is None:
        session.invalidate()
    elif now - session["seen"] > 60:  # one write a minute is enough for an idle time-out of 30 minutes
        session["seen"] = now
    return operator


async def is_still_signed_in(request: web.Request) -> bool:
    """Whether the session is still valid, read from Redis again: a stream asks this while it goes on."""
    session = await request[STORAGE_KEY].load_session(request)
    return "operator" in session and await _operator_behind(request, session) is not None


async def _operator_behind(request: web.Request, session: Session) -> SignedIn | None:
    now = int(_now(request).timestamp())
    if now - session["seen"] > IDLE_SECONDS or now - session["began"] > ABSOLUTE_SECONDS:
        return None
    return await request.app[OPERATORS].still_signed_in(session["operator"], session["stamp"])


def _now(request: web.Request) -> datetime:
    return request.app[REAL_TIME]()


async def csrf_token(request: web.Request) -> str:
    """Return the session's form token; "" before sign-in."""
    return str((await get_session(request)).get("csrf", ""))


def sign_in_token(request: web.Request) -> str:
    """Return the token of the sign-in form. It has a cookie of its own, because there is no session yet."""
    return request.cookies.get(SIGN_IN_COOKIE) or secrets.token_urlsafe(24)


async def has_csrf_token(request: web.Request) -> bool:
    """Whether a changing request carries its session's token, in a field or (for scripts) a header.

    Before sign-in there is no session. The form must then carry the token of the sign-in cookie, and must come from our
    own origin: a neighbouring site of the same domain can set cookies.
    """
    given: Any = request.headers.get(CSRF_HEADER) or (await request.post()).get(CSRF_FIELD, "")
    expected = (await get_session(request)).get("csrf", "")
    if not expected and request.path == SIGN_IN and not is_cross_site(request):
        expected = request.cookies.get(SIGN_IN_COOKIE, "")
    return isinstance(given, str) and bool(expected) and compare_digest(given.encode(), expected.encode())


def is_cross_site(request: web.Request) -> bool:
    """Whether a browser says that another site's page sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and not _is_own(request, origin)


def is_same_origin(request: web.Request) -> bool:
    """Whether a browser says that a page of ours sent this request."""
    if request.headers.get("Sec-Fetch-Site") is not None:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    return _is_own(request, request.headers.get("Origin", ""))


def _is_own(request: web.Request, origin: str) -> bool:
    public = URL(request.app[PUBLIC_URL])
    return origin in {f"{request.scheme}://{request.host}", f"{public.scheme}://{public.authority}"}


def safe_return_path(path: str) -> str:
    """Return `path` if it is a page of the desk to which one may return; otherwise the path of 总览."""
    try:
        url = URL(path)
    except ValueError:
        return "/console/"
    is_ours = not url.absolute and url.path.startswith("/console/") and path.startswith("/console/")
    leads_away = url.path.startswith((SIGN_IN, "/console/sign-out")) or "\\" in path or ".." in path
    return path if is_ours and not leads_away and url.path.isprintable() else "/console/"
