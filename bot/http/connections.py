"""Limits of a connection before anything is known of its client: size and time of a request's head, number of connections.

By hand: aiohttp limits a line, a header and the number of headers. It limits neither the time of a head nor the number of
connections, and within its limits one head may hold a megabyte. Nothing public of aiohttp tells when a head is complete and
whether a request waits, so `Connection` reads names of aiohttp's own (`PRIVATE_NAMES`). `serve_connections` refuses to begin
where they are gone, and pyproject.toml allows no version of aiohttp that the tests have not seen.
"""

import asyncio
import resource
import socket
from typing import Any

import aiohttp
import structlog
from aiohttp import StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from bot.http.bodies import make_request

LARGEST_HEAD = 32 * 1024
HEAD_S = 10.0
"""Seconds for a whole head, from its first byte; for the first head, from the connection."""
IDLE_S = 75.0
"""Seconds; longer than a proxy keeps an idle connection (nginx: 60 s), so it never sends into one that we close."""
MOST_CONNECTIONS = 2000
_SPARE_FILES = 200
"""Open files for everything but clients: the database, Redis, the WeChat API, loaded files."""
_READ_BUFFER = 16 * 1024
_LOOK_AGAIN_S = 1.0
"""Seconds until a late head is looked at again, while the request before it is under way."""
_CLIENTS_FAULTS = (web.HTTPException, web.RequestPayloadError, HttpProcessingError)
"""What aiohttp finds wrong with a head or a body. A handler's own fault is never one of them: it has been answered."""
PRIVATE_NAMES = ("_request_count", "_messages", "_current_request", "_waiter")
"""Of `web.RequestHandler`: how many heads have come, those that wait with their bodies, the request under way, and the future
of a connection that waits for a head."""
_HEAD_END = b"\r\n\r\n"
_LINGER_S = 2.0
"""Seconds for which the rest of a refused body is read and dropped, so that the client sees the response."""
_LINE_TOO_LONG = "网址或其中的内容过长，请缩短后重试。\n"
_UNREADABLE = "请求无法读取，请重试。\n"
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
)

_log = structlog.stdlib.get_logger(__name__)


class AiohttpHasChangedError(RuntimeError):
    """This version of aiohttp keeps the state of a connection elsewhere."""


class Connection(web.RequestHandler):
    """aiohttp's connection with a limit on the size and the time of each head."""

    __slots__ = ("_head_size", "_head_timer", "_tail")

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._head_size = 0
        self._tail = b""
        self._head_timer: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """No request is under way: the connection is new or idle, or a head is incomplete."""
        if self._request_count == 0:  # aiohttp's task may begin after the first bytes have come
            return True
        return self._waiter is not None and not self._waiter.done()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._head_timer = asyncio.get_running_loop().call_later(HEAD_S, self._head_timed_out)

    def data_received(self, data: bytes) -> None:
        between, requests, body = self._is_between_requests(), self._request_count, self._last_body()
        known = 0 if body is None else body.total_bytes
        super().data_received(data)
        if self._messages and (error := getattr(self._messages[-1][0], "exc", None)):
            error.__traceback__ = None  # its frames refer to it and to these bytes: a cycle
        self._tail = (self._tail + data[-len(_HEAD_END) :])[-len(_HEAD_END) :]
        if self._request_count > requests:
            self._stop_timer()
            framed = data.rfind(_HEAD_END) + len(_HEAD_END)
            self._head_size = self._behind(self._last_body(), len(data) - framed)
        elif between:
            self._head_size += len(data)
        else:
            self._head_size = self._behind(body, len(data) + known)
        if self._head_size > LARGEST_HEAD:
            self._end(_TOO_LARGE)
        elif self._head_size and self._head_timer is None:
            self._head_timer = asyncio.get_running_loop().call_later(HEAD_S, self._head_timed_out)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a fault; what a client's head has wrong is said in plain words, for aiohttp quotes the bytes."""
        if isinstance(exc, HttpProcessingError):
            message = _LINE_TOO_LONG if isinstance(exc, LineTooLong) else _UNREADABLE
        return super().handle_error(request, status, exc, message)

    def log_exception(self, *given: Any, **settings: Any) -> None:
        """Log a fault with its stack; what a client can cause in one line."""
        error = settings.get("exc_info")
        if isinstance(error, _CLIENTS_FAULTS):
            first_line = str(error).partition("\n")[0]  # the next ones quote the request
            _log.info("connections.request_broken", cause=f"{type(error).__name__}: {first_line}"[:200])
        else:
            super().log_exception(*given, **settings)

    def _is_between_requests(self) -> bool:
        """Whether the next bytes belong to a head, not to a body."""
        if self.is_waiting:
            return True
        body = self._last_body()
        return body is not None and body.is_eof()

    def _last_body(self) -> StreamReader | None:
        """Return the body of the last request that has come, while it is known."""
        if self._messages:
            return self._messages[-1][1]
        return None if self._current_request is None else self._current_request.content

    def _behind(self, body: StreamReader | None, size: int) -> int:
        """Return how many bytes of the next head follow a body. `size` is the size of this part of the body.

        The chunks of a body frame it. The last one ends with a blank line, like a head without a body.
        """
        if body is None or not body.is_eof() or self._tail == _HEAD_END:
            return 0
        return max(0, size - body.total_bytes)

    def _head_timed_out(self) -> None:
        self._head_timer = None
        if self.is_waiting:
            self._end(_TOO_SLOW if self._head_size else b"")
        elif self._head_size:
            self._head_timer = asyncio.get_running_loop().call_later(_LOOK_AGAIN_S, self._head_timed_out)

    def _end(self, answer: bytes) -> None:
        # Inside another response it would be a part of that one.
        if self.transport is not None and answer and self.is_waiting:
            self.transport.write(answer)
        self.force_close()

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class Connections:
    """Makes the protocol of each new connection, up to a limit.

    At the limit the connection that has been idle longest is closed. If all are busy, the new one gets a 503.
    """

    def __init__(self, server: web.Server, most: int) -> None:
        self._server = server
        self._most = most
        self._logged_full = False

    def __call__(self) -> asyncio.Protocol:
        if len(self._server.connections) >= self._most and not self._make_room():
            return _Refusal()
        return self.new()

    def new(self) -> Connection:
        """Return a connection with our limits."""
        return Connection(
            self._server,
            loop=asyncio.get_running_loop(),
            access_log=None,
            keepalive_timeout=IDLE_S,
            lingering_time=_LINGER_S,
            read_bufsize=_READ_BUFFER,
            auto_decompress=False,  # our clients compress no body, and a few bytes may unpack to many
        )

    def _make_room(self) -> bool:
        if not self._logged_full:
            self._logged_full = True
            _log.warning(
                "connections.full",
                most=self._most,
                remedy="idle connections make room; a proxy in front should limit connections for each address",
            )
        for one in self._server.connections:
            if isinstance(one, Connection) and one.is_waiting:
                one.force_close()
                return True
        return False


class _Refusal(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(_FULL)
        transport.close()


async def serve_connections(
    runner: web.AppRunner, port: socket.socket, *, backlog: int, most: int
) -> asyncio.Server:
    """Accept connections on a listening socket.

    Raises:
        RuntimeError: the runner has not been set up.
        AiohttpHasChangedError: aiohttp lacks what the limits are read from.
    """
    if runner.server is None:
        raise RuntimeError("the runner has not been set up")
    runner.server.request_factory = make_request
    connections = Connections(runner.server, most)
    _check_aiohttp(connections.new())
    return await asyncio.get_running_loop().create_server(connections, sock=port, backlog=backlog)


def _check_aiohttp(connection: Connection) -> None:
    if missing := [name for name in PRIVATE_NAMES if not hasattr(connection, name)]:
        raise AiohttpHasChangedError(
            f"aiohttp {aiohttp.__version__} has no {', '.join(missing)}: install the version in requirements.lock, "
            "or see how bot/http/connections.py reads its state"
        )


def connection_limit() -> int:
    """Return how many connections this process may hold. Raises the soft limit of open files if that is needed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, soft - _SPARE_FILES)
