"""The load generator, a process of its own: `python -m bench.load.closed_loop PORT CONNECTIONS SECONDS plain|safe EXPECT`.

Each connection sends its next request when its answer is there. Prints JSON: messages a second, p50 and p99
in milliseconds, how many answers were not as expected, and how many there were with the warm-up.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from typing import cast

import uvloop

from bench.load.pushes import requests

_REQUESTS_A_SECOND = 16_000
_WARM_UP_S = 0.5


class Connection(asyncio.Protocol):
    """Sends, waits for the whole answer, sends again."""

    def __init__(self, waiting: Iterator[bytes], times: list[float], expect: bytes, ends: float) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self.wrong = 0
        self._waiting = waiting
        self._times = times
        self._expect = expect
        self._ends = ends
        self._began = 0.0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        request = next(self._waiting, None)
        self._began = time.perf_counter()
        if request is None or self._began > self._ends:
            self._transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        length_at = self._buffer.find(b"Content-Length: ") + 16
        length = int(self._buffer[length_at : self._buffer.find(b"\r\n", length_at)])
        if len(self._buffer) < head_end + 4 + length:
            return
        self._times.append(time.perf_counter() - self._began)
        if not self._buffer.startswith(b"HTTP/1.1 200") or self._expect not in self._buffer:
            self.wrong += 1
        self._buffer = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server hung up"))


async def measure(
    port: int, connections: int, seconds: float, *, sealed: bool, expect: bytes
) -> dict[str, float]:
    """Put load on a server; the first half second is not counted."""
    waiting = iter(requests(int((seconds + _WARM_UP_S) * _REQUESTS_A_SECOND), sealed=sealed))
    first, wrong_at_first = await _round(waiting, port, connections, _WARM_UP_S, expect)
    began = time.perf_counter()
    times, wrong = await _round(waiting, port, connections, seconds, expect)
    spent = time.perf_counter() - began
    return {
        "per_s": len(times) / spent,
        "p50_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[len(times) * 99 // 100] * 1000,
        "wrong": wrong + wrong_at_first,
        "served": len(first) + len(times),
    }


async def _round(
    waiting: Iterator[bytes], port: int, connections: int, seconds: float, expect: bytes
) -> tuple[list[float], int]:
    loop = asyncio.get_running_loop()
    times: list[float] = []
    ends = time.perf_counter() + seconds
    made = []
    for _ in range(connections):
        _, connection = await loop.create_connection(
            lambda: Connection(waiting, times, expect, ends), "127.0.0.1", port
        )
        made.append(connection)
    await asyncio.gather(*(connection.done for connection in made))
    return sorted(times), sum(connection.wrong for connection in made)


if __name__ == "__main__":
    port, connections, seconds, how, expect = sys.argv[1:]
    result = uvloop.run(
        measure(int(port), int(connections), float(seconds), sealed=how == "safe", expect=expect.encode())
    )
    sys.stdout.write(json.dumps(result))
