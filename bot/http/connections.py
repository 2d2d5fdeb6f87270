"""Limits of a connection before anything is known of its client: size and time of a request's head, number of connections.

By hand: aiohttp limits a line, a header and the number of headers. It limits neither the time of a head nor the number of
connections, and within its limits one head may hold a megabyte.
"""

import asyncio
import resource
import socket
from functools import partial
from typing import Any

import structlog
from aiohttp import web

from bot.http.bodies import Request

LARGEST_HEAD = 32 * 1024
HEAD_S = 10.0
"""Seconds for a whole head, from its first byte; for the first head, from the connection."""
IDLE_S = 75.0
"""Seconds; longer than a proxy keeps an idle connection (nginx: 60 s), so it never sends into one that we close."""
MOST_CONNECTIONS = 2000
_SPARE_FILES = 200
"""Open files for everything but clients: the database, Redis, the WeChat API, loaded files."""
_READ_BUFFER = 16 * 1024
_LINGER_S = 2.0
"""Seconds for which the rest of a refused body is read and dropped, so that the client sees the response."""
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
)

log = structlog.stdlib.get_logger(__name__)


class Connection(web.RequestHandler):
    """aiohttp's connection with a limit on the size and the time of each head."""

    __slots__ = ("_head_size", "_head_timer")

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._head_size = 0
        self._head_timer: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """No request is under way: the connection is idle, or a head is incomplete."""
        return self._waiter is not None and not self._waiter.done()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._head_timer = self._loop.call_later(HEAD_S, self._head_timed_out)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._messages and (error := getattr(self._messages[-1][0], "exc", None)):
            error.__traceback__ = None  # its frames refer to it and to these bytes: a cycle
        if not self.is_waiting:
            self._head_size = 0
            self._stop_timer()
            return
        self._head_size += len(data)
        if self._head_size > LARGEST_HEAD:
            self._end(_TOO_LARGE)
        elif self._head_timer is None:
            self._head_timer = self._loop.call_later(HEAD_S, self._head_timed_out)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def _head_timed_out(self) -> None:
        self._head_timer = None
        if self.is_waiting:
            self._end(_TOO_SLOW if self._head_size else b"")

    def _end(self, answer: bytes) -> None:
        if self.transport is not None and answer:
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
            log.warning(
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
    """
    if runner.server is None:
        raise RuntimeError("the runner has not been set up")
    runner.server.request_factory = partial(runner.app._make_request, _cls=Request)
    return await asyncio.get_running_loop().create_server(
        Connections(runner.server, most), sock=port, backlog=backlog
    )


def connection_limit() -> int:
    """How many connections this process may hold. Raises the soft limit of open files as far as that needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, soft - _SPARE_FILES)
