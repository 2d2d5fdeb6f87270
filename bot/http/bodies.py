"""Limits of a request's body: its size, its packing and its time; and the body is freed with its request.

By hand: aiohttp has no limit of time, and its limit of size is of the whole server. So each request begins with the small
limit; a route that takes a larger body clones the request once it knows who asks (`console.app`, `sandbox.gate`).
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.helpers import reify
from aiohttp.http import RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from multidict import CIMultiDict, CIMultiDictProxy

LARGEST_BODY = 64 * 1024
SLOWEST_BYTES_PER_S = 2 * 1024
_MOST_FIELDS = 10_000
"""As many as fit into `LARGEST_BODY`: an edition of a thousand clauses is published by one form. aiohttp takes 1000."""
_LONGEST_CONTENT_TYPE = 200
"""Characters; a boundary has 70 at most. aiohttp's parser of this header takes quadratic time."""
_LINES_AT_ONCE = 10
"""Lines of a form with parts that are read in one turn of the event loop; a part has three and takes some 0.3 ms."""
_LOOK_S = 10.0
SERVER = "policybot"
_BROKEN = (web.RequestPayloadError, HttpProcessingError)
"""The client sent malformed chunks, or ended the body before its length."""


class _Part(BodyPartReader):
    """A field of a form. Our pages are UTF-8, and so is what a browser sends from them."""

    def get_charset(self, default: str) -> str:
        return "utf-8"


class _Parts(MultipartReader):
    """The parts of a form."""

    part_reader_cls = _Part


class _WithPauses:
    """A body whose lines have come: other requests go on between some of them. Boundaries and heads are read by lines."""

    def __init__(self, body: StreamReader) -> None:
        self._body = body
        self._lines = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)

    async def readline(self, **limits: Any) -> bytes:
        """Return the next line as aiohttp gives it."""
        self._lines += 1
        if self._lines % _LINES_AT_ONCE == 0:
            await asyncio.sleep(0)
        return await self._body.readline(**limits)


def _check_texts(form: Mapping[str, Any]) -> None:
    """Refuse NUL: nobody types it, and PostgreSQL has no place for it."""
    if any("\x00" in text for field in form.items() for text in field if isinstance(text, str)):
        raise ValueError("a field holds NUL")


class Request(web.Request):
    """A request whose form is UTF-8 and complete, or refused. Its response names no version of the server."""

    @reify
    def remote(self) -> str | None:
        """The sender's address. IPv4 is written as IPv4, even if one socket serves both versions."""
        address = super().remote
        return address and address.removeprefix("::ffff:")

    async def multipart(self) -> MultipartReader:
        """Return the parts of the body."""
        body: Any = _WithPauses(self.content)
        return _Parts(
            self.headers,
            body,
            client_max_size=self.client_max_size,
            max_field_size=self.protocol.max_field_size,
            max_headers=self.protocol.max_headers,
            max_size_error_cls=web.HTTPRequestEntityTooLarge,
        )

    async def post(self) -> Any:
        """Return the fields of the form as aiohttp reads them.

        The sender does not choose the charset: decoding Punycode takes quadratic time, and UTF-7 makes lone
        surrogates.

        Raises:
            web.HTTPBadRequest: the body is not the form that its header names, or the client has gone.
            web.HTTPRequestEntityTooLarge: it is larger than the route takes.
        """
        try:
            self._check_charset()
            form = await super().post()
            _check_texts(form)
        except web.HTTPRequestEntityTooLarge as large:
            large.text = "文件或内容太大，请缩小后重试。"
            raise
        except (ValueError, ConnectionError, *_BROKEN) as error:
            error.__traceback__ = None
            if self.content.exception() is not None:
                self.content.set_exception(web.RequestPayloadError("the body is broken"))
            raise web.HTTPBadRequest(text="提交的内容不完整，请返回上一页重试。") from None
        return form

    def _check_charset(self) -> None:
        if (self.charset or "utf-8").lower() not in {"utf-8", "utf8"}:
            raise ValueError("the form is not UTF-8")

    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        response.headers["Server"] = SERVER
        await super()._prepare_hook(response)


def make_request(
    head: RawRequestMessage,
    body: StreamReader,
    protocol: web.RequestHandler,
    writer: AbstractStreamWriter,
    task: "asyncio.Task[None]",
) -> Request:
    """Return a request of ours, for `web.Server.request_factory`."""
    loop = asyncio.get_running_loop()
    if not all(map(str.isascii, head.headers.values())):
        head = head._replace(headers=_readable(head.headers))
    return Request(
        head,
        body,
        protocol,
        writer,
        task,
        loop,
        client_max_size=LARGEST_BODY,
        client_max_fields=_MOST_FIELDS,
    )


def _readable(headers: "CIMultiDictProxy[str]") -> "CIMultiDictProxy[str]":
    """Return headers that can be written again. aiohttp turns bytes that are not UTF-8 into lone surrogates."""
    read = CIMultiDict(
        (name, value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        for name, value in headers.items()
    )
    return CIMultiDictProxy(read)


@web.middleware
async def limit_bodies(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a compressed body, give up a slow one, and free each body with its request."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        return web.Response(status=415, text="Send the body without Content-Encoding.\n")
    if "%00" in request.raw_path:  # as in `_check_texts`
        return web.Response(status=400, text="NUL has no place in an address.\n")
    if len(request.headers.get("Content-Type", "")) > _LONGEST_CONTENT_TYPE:
        return web.Response(status=415, text="The Content-Type is too long.\n")
    # A body that has arrived needs no deadline; so it is with nearly all pushes of WeChat.
    if request.content.is_eof():
        return await _freed(request, handler)
    deadline = _Deadline(request.content)
    try:
        return await _freed(request, handler)
    finally:
        deadline.stop()


class _Deadline:
    """Makes the reading of a body fail if it arrives slower than `SLOWEST_BYTES_PER_S`."""

    def __init__(self, body: StreamReader) -> None:
        self._body = body
        self._loop = asyncio.get_running_loop()
        self._seen = 0
        self._timer = self._loop.call_later(_LOOK_S, self._look)

    def stop(self) -> None:
        self._timer.cancel()

    def _look(self) -> None:
        if self._body.is_eof() or self._body.exception() is not None:
            return
        if self._body.total_bytes - self._seen < SLOWEST_BYTES_PER_S * _LOOK_S:
            self._body.set_exception(web.HTTPRequestTimeout(text="The body did not come in time.\n"))
            return
        self._seen = self._body.total_bytes
        self._timer = self._loop.call_later(_LOOK_S, self._look)


async def _freed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Return the handler's response, without a reference back to the body.

    An exception refers to its frames, the frames refer to the body, and the body's reader may refer to the exception.
    Only the garbage collector frees such a cycle, and it runs rarely (`bot.roles.startup_gc`). So an HTTP exception
    becomes a plain response, and any exception that was handled loses its frames.
    """
    try:
        return await handler(request)
    except web.HTTPException as error:
        error.__traceback__ = None
        return _plain(error)
    except _BROKEN as error:
        error.__traceback__ = None
        return web.Response(status=400, text="The body is broken.\n")
    except ConnectionError as gone:
        if request.transport is not None:
            raise  # not the client's connection: perhaps the database's
        gone.__traceback__ = None
        request.content.set_exception(ConnectionResetError("the client has gone"))
        return web.Response(status=400)  # nobody reads it


def _plain(error: web.HTTPException) -> web.Response:
    response = web.Response(status=error.status, reason=error.reason, headers=error.headers, body=error.body)
    for cookie in error.cookies.values():
        response.cookies[cookie.key] = cookie
    return response
