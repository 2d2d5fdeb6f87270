"""The API as an aiohttp application: from the table of endpoints to checked calls and problem answers."""

import json
import math
import time
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from itertools import count
from typing import Any

import structlog
from aiohttp import web
from limits import parse
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, ValidationError

from console.access.api_keys import KeyHolder
from console.access.roles import Handler
from console.api.endpoints import ApiProblem, ApiRequest, Endpoint, ProblemAnswer
from console.api.openapi import openapi_document
from console.services.desk import Desk
from storage.sql.base import LARGEST_INTEGER
from storage.unavailable import RETRY_AFTER, UNAVAILABLE

_RATE = parse("600 per minute")
_MOST_PARTS = 1000
"""Objects of a body, and names of one object; a match has some hundred facts."""
_VERSION = "1.0.0"
_log = structlog.stdlib.get_logger(__name__)


class Api:
    """Serves endpoints to holders of keys; whatever is refused is refused as a problem answer."""

    def __init__(self, desk: Desk, storage: Storage, endpoints: Iterable[Endpoint]) -> None:
        self._desk = desk
        self._limiter = MovingWindowRateLimiter(storage)
        self._endpoints = tuple(endpoints)

    def app(self) -> web.Application:
        """Return the application to mount under `/api/v1`."""
        app = web.Application(middlewares=[_problems])
        app.router.add_get("/openapi.json", self._openapi)
        for endpoint in self._endpoints:
            app.router.add_route(endpoint.method, endpoint.path, self._served(endpoint))
        return app

    @cached_property
    def _document(self) -> dict[str, Any]:
        """Made for the first who asks: few do."""
        return openapi_document(self._endpoints, _VERSION)

    async def _openapi(self, _request: web.Request) -> web.Response:
        return web.json_response(self._document)

    def _served(self, endpoint: Endpoint) -> Handler:
        async def serve(request: web.Request) -> web.Response:
            holder = await self._holder(request)
            if not holder.role.may(endpoint.role):
                raise ApiProblem(403, "role", f"此操作需要 {endpoint.role} 及以上角色的密钥。")
            await self._count(holder)
            raw = await _raw_body(request, endpoint.largest_body) if endpoint.takes else b""
            call = ApiRequest(
                request=request,
                desk=self._desk,
                holder=holder,
                id=_whole_number(request.match_info.get("id")),
                query=_query(endpoint, request),
                body=_body(endpoint, raw),
                raw_body=raw,
            )
            answer = await endpoint.handle(call)
            return web.json_response(answer.model_dump(mode="json"), status=endpoint.status)

        return serve

    async def _holder(self, request: web.Request) -> KeyHolder:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        holder = await self._desk.api_keys.holder(key) if scheme.lower() == "bearer" and key else None
        if holder is None:
            raise ApiProblem(
                401,
                "key",
                "请在 Authorization 请求头中提供有效的密钥。",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return holder

    async def _count(self, holder: KeyHolder) -> None:
        if await self._limiter.hit(_RATE, "api", str(holder.id)):
            return
        reset = (await self._limiter.get_window_stats(_RATE, "api", str(holder.id))).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        raise ApiProblem(
            429, "rate", f"请求过于频繁，请 {wait} 秒后再试。", headers={"Retry-After": str(wait)}
        )


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        answer = await handler(request)
    except ApiProblem as problem:
        body = ProblemAnswer(error=problem.problem).model_dump(mode="json", exclude_none=True)
        return web.json_response(body, status=problem.status, headers=problem.headers)
    except UNAVAILABLE as error:
        _log.warning("api.unavailable", path=request.path, error=f"{type(error).__name__}: {error}")
        body = {"error": {"code": "unavailable", "message": "数据库或 Redis 暂时不可用，请稍后重试。"}}
        return web.json_response(body, status=503, headers=RETRY_AFTER)
    except web.HTTPException as error:
        code = {404: "not_found", 405: "method", 413: "too_large"}.get(error.status, "http")
        kept = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        body = {"error": {"code": code, "message": error.reason}}
        return web.json_response(body, status=error.status, headers=kept)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def _raw_body(request: web.Request, largest: int) -> bytes:
    if request.content_type != "application/json":
        raise ApiProblem(415, "content_type", "请求体须为 application/json。")
    raw = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        raw += chunk
        if len(raw) > largest:
            raise ApiProblem(413, "too_large", f"请求体超过 {largest // 1024} KiB。")
    return bytes(raw)


def _body(endpoint: Endpoint, raw: bytes) -> BaseModel | None:
    if endpoint.takes is None:
        return None
    try:
        json.loads(raw, object_pairs_hook=_counter())
    except (ValueError, RecursionError):
        raise ApiProblem(400, "json", "请求体不是有效的 JSON。") from None
    return _checked(partial(endpoint.takes.model_validate_json, raw))


def _counter() -> Callable[[list[tuple[str, Any]]], None]:
    """Refuses a body of more parts than any call has: each unknown name becomes a fault, and together they take seconds."""
    objects = count(1)

    def counted(pairs: list[tuple[str, Any]]) -> None:
        if len(pairs) > _MOST_PARTS or next(objects) > _MOST_PARTS:
            raise ValueError("too many parts")

    return counted


def _query(endpoint: Endpoint, request: web.Request) -> BaseModel | None:
    if endpoint.query is None:
        return None
    return _checked(partial(endpoint.query.model_validate, dict(request.query)))


def _checked(validate: Callable[[], BaseModel]) -> BaseModel:
    try:
        return validate()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        raise ApiProblem(422, "invalid", first["msg"], field) from None


def _whole_number(given: str | None) -> int:
    if given is None:
        return 0
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:12]) <= LARGEST_INTEGER):
        raise ApiProblem(404, "not_found", "没有这个编号。")
    return int(given)
