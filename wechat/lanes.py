"""Connections for what is sent by the thousand: one HTTP exchange after the other on each, and nothing else.

aiohttp's session spends three quarters of a send's processor time on what a POST of JSON to one API has no use
for: redirects, cookies, tracing, a fresh set of headers. Here the head is made once for each address; answers
are read by aiohttp's own parser.
"""

import asyncio
import math
import ssl
from dataclasses import dataclass

from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpProcessingError, HttpResponseParser, RawResponseMessage
from aiohttp.streams import StreamReader
from yarl import URL

_LARGEST_ANSWER = 1 << 20


class NotConnectedError(Exception):
    """There was no connection: nothing left. The message is the kind of error."""


class NoAnswerError(Exception):
    """The request left, and no whole answer came. The message is the kind of error."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to post to.

    Attributes:
        head: the request up to the length of its body. It may hold an access token: never logged.
    """

    host: str
    port: int
    tls: bool
    head: bytes

    @classmethod
    def of(cls, url: URL) -> "Address":
        """Of an absolute http or https address."""
        head = (
            f"POST {url.raw_path_qs} HTTP/1.1\r\nHost: {url.host_port_subcomponent}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        return cls(url.host or "", url.port or 80, url.scheme == "https", head.encode("ascii"))


class Lanes:
    """Keeps connections and hands each to one exchange at a time.

    Args:
        most: connections at once; further exchanges wait their turn.
        idle_s: a connection idle for longer is not used again: its server may be closing it this moment.
    """

    def __init__(self, *, most: int, idle_s: float) -> None:
        self._idle_s = idle_s
        self._turn = asyncio.Semaphore(most)
        self._free: dict[tuple[str, int, bool], list[_Lane]] = {}
        self._open: set[_Lane] = set()
        self._tls: ssl.SSLContext | None = None

    async def post(
        self, address: Address, body: bytes, *, connect_s: float, answer_s: float
    ) -> tuple[int, bytes]:
        """Post a body; the answer's status and body.

        Args:
            address: where to.
            body: JSON.
            connect_s: time-out of a new connection.
            answer_s: from the first byte sent to the last one received.

        Raises:
            NotConnectedError: nothing was sent.
            NoAnswerError: it may have been carried out.
        """
        async with self._turn:
            lane = self._take(address) or await self._connect(address, connect_s)
            try:
                return await lane.exchange(b"%b%d\r\n\r\n%b" % (address.head, len(body), body), answer_s)
            finally:
                self._give_back(address, lane)

    async def close(self) -> None:
        """Close every connection; exchanges under way get no answer."""
        for lane in list(self._open):
            lane.abort()
        while self._open:  # noqa: ASYNC110 - the loop lets go of them in its next turns
            await asyncio.sleep(0)

    def _take(self, address: Address) -> "_Lane | None":
        free = self._free.get((address.host, address.port, address.tls))
        while free:
            lane = free.pop()
            if lane.is_fresh(self._idle_s):
                return lane
            lane.abort()
        return None

    def _give_back(self, address: Address, lane: "_Lane") -> None:
        if lane.is_fresh(self._idle_s):
            self._free.setdefault((address.host, address.port, address.tls), []).append(lane)
        else:
            lane.abort()

    async def _connect(self, address: Address, connect_s: float) -> "_Lane":
        loop = asyncio.get_running_loop()
        if address.tls and self._tls is None:
            self._tls = ssl.create_default_context()
        problem = ""
        try:
            async with asyncio.timeout(connect_s):
                _, lane = await loop.create_connection(
                    lambda: _Lane(loop, self._open),
                    address.host,
                    address.port,
                    ssl=self._tls if address.tls else None,
                )
        except (OSError, TimeoutError) as error:
            problem = type(error).__name__
        else:
            if lane.is_fresh(math.inf):
                return lane
        raise NotConnectedError(problem or "closed")


class _Lane(BaseProtocol):
    """One connection."""

    def __init__(self, loop: asyncio.AbstractEventLoop, lanes: "set[_Lane]") -> None:
        super().__init__(loop)
        self._lanes = lanes
        self._answers = HttpResponseParser(self, loop, _LARGEST_ANSWER, read_until_eof=True)
        self._parser = self._answers  # the base pauses it
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._message: RawResponseMessage | None = None
        self._payload: StreamReader | None = None
        self._whole = True
        self._used_at = self._answer_by = loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def is_fresh(self, idle_s: float) -> bool:
        """Whether an exchange may begin on it."""
        return (
            self._whole
            and self.transport is not None
            and not self.transport.is_closing()
            and self._loop.time() - self._used_at < idle_s
        )

    def abort(self) -> None:
        """Close it, whatever is under way."""
        if self.transport is not None:
            self.transport.abort()

    async def exchange(self, request: bytes, answer_s: float) -> tuple[int, bytes]:
        """Send a request and wait for its answer; raises as `Lanes.post`."""
        if self.transport is None:
            raise NotConnectedError("closed")
        self._whole = False
        self._answer = self._loop.create_future()
        self._answer_by = self._loop.time() + answer_s
        if self._timer is None:
            self._timer = self._loop.call_later(answer_s, self._look_at_time)
        self.transport.write(request)
        try:
            return await self._answer
        finally:
            self._answer = None
            self._used_at = self._loop.time()

    def _look_at_time(self) -> None:
        """One timer for all its exchanges, set anew only when it rings."""
        self._timer = None
        if self._answer is not None:
            left = self._answer_by - self._loop.time()
            if left > 0:
                self._timer = self._loop.call_later(left, self._look_at_time)
            else:
                self._fail("TimeoutError")

    # -- what the loop calls --------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._lanes.add(self)

    def data_received(self, data: bytes) -> None:
        try:
            messages, _, _ = self._answers.feed_data(data)
        except HttpProcessingError as error:
            self._fail(type(error).__name__)
            return
        for message, payload in messages:
            if message.code >= 200:  # what comes before is only an announcement
                self._message, self._payload = message, payload
        self._finish()

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self._lanes.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        try:
            self._answers.feed_eof()  # some answers end where the connection does
        except HttpProcessingError:
            pass
        else:
            self._finish()
        self._fail(type(exc).__name__ if exc else "closed")

    def _finish(self) -> None:
        message, payload = self._message, self._payload
        if message is None or payload is None or not payload.is_eof():
            return
        self._message = self._payload = None
        if self._answer is None:  # nobody asked
            self.abort()
        elif not self._answer.done():
            self._whole = not message.should_close
            self._answer.set_result((message.code, payload.read_nowait()))

    def _fail(self, kind: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NoAnswerError(kind))
        self.abort()
