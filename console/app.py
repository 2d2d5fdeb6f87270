"""The desk as an aiohttp application: its routes, and the gate that each request passes."""

import secrets
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import aiohttp_jinja2
import jinja2
import structlog
from aiohttp import web
from aiohttp_session import STORAGE_KEY
from aiohttp_session import setup as setup_sessions
from multidict import MultiDictProxy
from redis.asyncio import Redis

from console.access.roles import Handler, Route
from console.access.signing_in import (
    COOKIE,
    OPERATOR,
    OPERATORS,
    PUBLIC_URL,
    REAL_TIME,
    SIGN_IN_COOKIE,
    Sessions,
    has_csrf_token,
    is_same_origin,
    signed_in_operator,
)
from console.access.throttle import THROTTLE, SignInThrottle
from console.services.desk import DESK, Desk
from console.web.form_tokens import FORMS_SENT, run_once
from console.web.formats import FILTERS
from console.web.kept_forms import CONFIRMED, confirm_first, sign_in_first
from console.web.pages import NoticeStyle, done, problem_page
from console.web.streams import end_streams_at_stop
from storage.clock import Clock, system_clock
from storage.unavailable import RETRY_AFTER, UNAVAILABLE

_log = structlog.get_logger(__name__)
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_BEFORE_A_NEW_PASSWORD = frozenset({"/accounts", "/accounts/password", "/sign-out"})
"""Paths that stay open while the operator has a password that somebody else set."""
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_BROKEN = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>暂时无法打开 · 政策服务台</title><link rel="stylesheet" href="/console/static/desk.css">
<main><h1>暂时无法打开</h1><section class="card narrow"><p>服务台遇到问题，原因已记入日志。请稍后重试；仍不行请联系运维人员。</p>
<p><a class="button" href="/console/">返回总览</a></p></section></main></html>"""
"""Needs neither session nor database: one of them may be what failed."""
_AWAY = _BROKEN.replace(
    "服务台遇到问题，原因已记入日志。请稍后重试；仍不行请联系运维人员。",
    "数据库或 Redis 暂时不可用，刚才的操作没有保存。请稍后重试；仍不行请联系运维人员。",
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def make_desk_app(
    desk: Desk,
    redis: Redis,
    throttle: SignInThrottle,
    routes: Iterable[Route],
    *,
    secure_cookie: bool,
    real_time: Clock = system_clock,
) -> web.Application:
    """Return the application to mount under `/console`.

    Args:
        desk: the services that pages ask.
        redis: keeps sessions and the result of each form.
        throttle: counts tries of passwords and codes over all processes.
        routes: every page, with the role it needs.
        secure_cookie: False on loopback alone: the cookie then also goes over plain HTTP.
        real_time: when sessions end.
    """
    app = web.Application(middlewares=[_security_headers])
    app[DESK] = desk
    app[OPERATORS] = desk.operators
    app[PUBLIC_URL] = desk.public_url
    app[THROTTLE] = throttle
    app[FORMS_SENT] = redis
    app[REAL_TIME] = real_time
    app.on_startup.append(partial(_seal_seeds, desk))
    end_streams_at_stop(app)
    setup_sessions(app, Sessions(redis, secure=secure_cookie))
    pages = aiohttp_jinja2.setup(
        app, loader=jinja2.PackageLoader("console"), autoescape=True, filters=FILTERS, enable_async=True
    )
    pages.globals["once"] = lambda: secrets.token_urlsafe(12)
    app.router.add_static("/static", Path(__file__).parent / "static")
    app.middlewares.append(_problems_as_pages)  # inside the session's middleware: a page needs the session
    for route in routes:
        app.router.add_route(route.method, route.path, _gate(route))
    return app


async def _seal_seeds(desk: Desk, _app: web.Application) -> None:
    """Seal the seeds of one-time codes that an earlier version kept in plain text."""
    if sealed := await desk.credentials.seal_seeds():
        _log.info("desk.one_time_codes_sealed", count=sealed)


def _gate(route: Route) -> Handler:
    """Return a route's handler behind its role and its form tokens."""
    guarded = _guarded(route)

    async def gated(request: web.Request) -> web.StreamResponse:
        if route.role is not None:
            operator = await signed_in_operator(request)
            if operator is None:
                return await sign_in_first(request)
            if not operator.role.may(route.role):
                raise web.HTTPForbidden(text="您的角色不能进行此操作，请联系管理员。")
            request[OPERATOR] = operator
            if operator.must_change_password and route.path not in _BEFORE_A_NEW_PASSWORD:
                await done(request, "/console/accounts", "请先修改密码，再进行其他操作", NoticeStyle.WARNING)
        if not route.largest_body:
            return await guarded(request)
        larger = request.clone(
            client_max_size=route.largest_body
        )  # a large body is read only after session and role
        form = await larger.post()
        try:
            return await guarded(larger)
        finally:
            _close_files(form)

    return gated


def _guarded(route: Route) -> Handler:
    """Return a route's handler behind its form token and its question. A form that is sent again acts once."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if route.method not in _SAFE_METHODS and not await has_csrf_token(request):
            if OPERATOR in request and is_same_origin(request):
                return await confirm_first(
                    request, "登录已更新，刚才填写的内容还在，确认后继续提交。", status=403
                )
            if _lacks_secure_cookie(request):
                raise web.HTTPForbidden(
                    text="登录需要 https：浏览器不在 http 页面上保存登录信息。请用 https 地址打开服务台。"
                )
            raise web.HTTPForbidden(text="页面已过期，请返回上一页刷新后重试。")
        if route.confirm and (await request.post()).get(CONFIRMED) is None:
            return await confirm_first(request, route.confirm, confirmed=True)
        if route.method in _SAFE_METHODS or route.repeats:
            return await route.handler(request)
        return await run_once(request, route.handler)

    return guarded


def _lacks_secure_cookie(request: web.Request) -> bool:
    """Whether the browser kept no cookie of ours because the page came over plain http."""
    secure = request[STORAGE_KEY].cookie_params["secure"]
    return bool(secure) and request.scheme == "http" and not request.cookies.keys() & {COOKIE, SIGN_IN_COOKIE}


def _close_files(form: MultiDictProxy[str | bytes | bytearray | web.FileField]) -> None:
    """Close the files of a cloned request. aiohttp closes only those of the original."""
    for value in form.values():
        if isinstance(value, web.FileField):
            value.file.close()


@web.middleware
async def _problems_as_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPClientError as error:
        return await problem_page(request, error)


@web.middleware
async def _security_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(SECURITY_HEADERS)
        raise
    except UNAVAILABLE as error:
        _log.warning("desk.unavailable", path=request.path, error=f"{type(error).__name__}: {error}")
        response = web.Response(status=503, text=_AWAY, content_type="text/html", headers=RETRY_AFTER)
    except Exception:  # the edge: the log gets the cause, the operator gets a sentence
        _log.exception("desk.failed", method=request.method, path=request.path)
        response = web.Response(status=500, text=_BROKEN, content_type="text/html")
    response.headers.update(SECURITY_HEADERS)
    return response
