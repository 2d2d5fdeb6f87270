"""The stand-in over HTTP: every call by one handler, with the faults in force."""

import asyncio
import json
import socket
import struct
import time
from contextlib import suppress
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from sandbox.api.calls import CALLS, Call
from sandbox.platform.api_faults import ApiFault
from sandbox.platform.errors import ApiError
from sandbox.platform.platform import Platform

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_JSON = {"Content-Type": "application/json; encoding=utf-8"}
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class ApiServer:
    """Answers the bot's calls as api.weixin.qq.com does: HTTP 200 and an errcode, whatever was wrong."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._closing = asyncio.Event()
        self.calls: dict[str, int] = {}
        self.last_calls: dict[str, float] = {}
        """When each path was last called (unix seconds), before whatever a fault does."""
        self.doubted: dict[str, None] = {}
        """Openids whose message may have arrived without its sender's knowledge: the call met a fault, or the sender
        had gone before the answer."""

    async def close(self) -> None:
        """Let go of calls that a fault keeps waiting."""
        self._closing.set()

    async def handle(self, request: web.Request) -> web.Response:
        """One call, from its path below the API's base."""
        path = "/" + request.match_info["path"]
        call = CALLS.get(path)
        if call is None:
            return web.Response(status=404, text="404 Not Found")
        self.calls[path] = self.calls.get(path, 0) + 1
        self.last_calls[path] = time.time()
        faults = self._platform.faults
        if faults.token_is_due():
            self._platform.tokens.throw_out()
        wait, fault = faults.meet(path)
        if wait:
            await self._pause(wait)
        if fault is not None:
            await self._doubt(request, call)
            return await self._fail(request, call, fault)
        answer = await self._execute(request, call)
        if request.transport is None or request.transport.is_closing():
            await self._doubt(request, call)
        return answer

    async def _doubt(self, request: web.Request, call: Call) -> None:
        """Note whom the message of a call is for; calls that send none name nobody."""
        if call.method == "GET" or call.upload:
            return
        with suppress(ValueError, RecursionError, AttributeError, ConnectionError):
            receivers = json.loads(await request.read()).get("touser", ())
            self.doubted |= dict.fromkeys([receivers] if isinstance(receivers, str) else receivers)

    async def _execute(self, request: web.Request, call: Call) -> web.Response:
        platform = self._platform
        try:
            if call.with_token:
                platform.tokens.check(_query_token(request.query))
            platform.account.require(call.needs)
            platform.quotas.take(call.path)
            answer = call.run(platform, await _arguments(request, call))
        except ApiError as error:
            return _answer(error.answer() | {"errmsg": f"{error.errmsg} rid: {self._request_id()}"})
        return _answer(answer)

    async def _fail(self, request: web.Request, call: Call, fault: ApiFault) -> web.Response:
        match fault.kind:
            case "errcode":
                return _answer(ApiError(fault.errcode).answer())
            case "errcode_after":
                await self._execute(request, call)
                return _answer(ApiError(fault.errcode).answer())
            case "bad_gateway":
                return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
            case "empty":
                return web.Response()
            case "reset_after" | "silence":
                await self._execute(request, call)
        if fault.kind in {"hang", "silence"}:
            await self._pause(fault.seconds)
        _reset(request)
        return web.Response()

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    def _request_id(self) -> str:
        bits = f"{self._platform.rng.getrandbits(96):024x}"
        return f"{bits[:8]}-{bits[8:16]}-{bits[16:]}"


def _query_token(query: MultiMapping[str]) -> str:
    return query.get("access_token", "")


def _answer(answer: dict[str, Any]) -> web.Response:
    return web.Response(body=_dumps(answer).encode(), headers=_JSON)


async def _arguments(request: web.Request, call: Call) -> dict[str, Any]:
    """The query of a GET call, the JSON object of a POST call, the file of an upload.

    Raises:
        ApiError: 43002 a GET where a POST is due, 44002 no body, 47001 not a JSON object, 40033 escaped text.
    """
    if call.method == "GET":
        return dict(request.query)
    if request.method != "POST":
        raise ApiError(43002)
    if call.upload:
        return await _uploaded(request)
    raw = await request.read()
    if not raw:
        raise ApiError(44002)
    if call.unescaped and b"\\u" in raw:
        raise ApiError(40033)
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ApiError(47001) from error
    if not isinstance(body, dict):
        raise ApiError(47001)
    return body


async def _uploaded(request: web.Request) -> dict[str, Any]:
    if not request.content_type.startswith("multipart/"):
        raise ApiError(41005)
    field = (await request.post()).get("media")
    if not isinstance(field, web.FileField):
        raise ApiError(41005)
    with field.file as file:
        return {"type": request.query.get("type", ""), "media": (field.content_type, file.read())}


def _reset(request: web.Request) -> None:
    """Break the connection with a TCP reset, as a dying machine does."""
    if request.transport is None:
        return
    connection = request.transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
