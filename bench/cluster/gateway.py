"""A way to a server that a run can close, open, slow, and let fall silent, as a failover or a cut cable does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit, urlunsplit

Target = str | tuple[str, int]
"""The path of a Unix socket, or a host and a port."""


class Gateway:
    """Passes on what comes to a port of its own, while it is open.

    Attributes:
        delay_s: seconds by which each piece is late, in both directions.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0
        self.delay_s = 0.0

    async def open(self) -> None:
        """Listen, at the same port as before."""
        self._flows.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Break every connection, and refuse new ones."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    def fall_silent(self) -> None:
        """Keep the connections, pass nothing on."""
        self._flows.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await self._connect()
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, inner_writer}
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, inner_writer), self._pass(inner_reader, writer))
        self._writers -= {writer, inner_writer}
        for end in (writer, inner_writer):
            end.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._target, str):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(*self._target)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            await self._flows.wait()
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            target.write(data)
        target.close()


@asynccontextmanager
async def gateway_to(postgres_url: str) -> AsyncIterator[tuple[Gateway, str]]:
    """A gateway, and the address of the same database through it."""
    parts = urlsplit(postgres_url)
    gateway = Gateway(f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432")
    await gateway.open()
    user = parts.netloc.partition("@")[0].partition(":")[0]
    try:
        yield gateway, urlunsplit((parts.scheme, f"{user}@127.0.0.1:{gateway.port}", parts.path, "", ""))
    finally:
        await gateway.close()
