"""A little API that takes every message, in a process of its own, and a loop that does nothing but post to it."""

import asyncio
import json
import os
import random
import signal
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import uvloop
from aiohttp import ClientSession, TCPConnector, web

SEND = "/cgi-bin/message/template/send"


@dataclass(frozen=True)
class Level:
    """Latency of the API in seconds, and requests under way at once."""

    name: str
    low: float
    high: float
    width: int


LEVELS = (Level("no latency", 0, 0, 100), Level("20–40 ms", 0.02, 0.04, 200))


class Api:
    """Takes every message, after a while, and notes when the first and the last one came."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high
        self.first = self.last = 0.0
        self.count = 0

    async def send(self, request: web.Request) -> web.Response:
        """One message."""
        await request.read()
        now = time.perf_counter()
        self.first = self.first or now
        self.last = now
        self.count += 1
        if self._high:
            await asyncio.sleep(random.uniform(self._low, self._high))
        return web.Response(
            body=b'{"errcode":0,"errmsg":"ok","msgid":%d}' % (200_000_000_000 + self.count),
            content_type="application/json",
        )

    async def token(self, _request: web.Request) -> web.Response:
        """The access token."""
        return web.json_response({"access_token": "T" * 130, "expires_in": 7200})

    async def stats(self, _request: web.Request) -> web.Response:
        """What came since it was asked last."""
        told = {"count": self.count, "seconds": self.last - self.first}
        self.first = self.last = 0.0
        self.count = 0
        return web.json_response(told)


def serve_api(level: Level, pipe: Connection) -> None:
    """The API's process."""

    async def serve() -> None:
        api = Api(level.low, level.high)
        app = web.Application()
        app.add_routes(
            [
                web.post(SEND, api.send),
                web.post("/cgi-bin/stable_token", api.token),
                web.get("/stats", api.stats),
            ]
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    uvloop.run(serve())


async def asked(port: int) -> dict[str, Any]:
    """What the API counted since it was asked last."""
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/stats") as response:
        return dict(await response.json())


async def post_only(port: int, messages: int, width: int) -> None:
    """Post so many messages, `width` at once, and nothing else."""
    url = f"http://127.0.0.1:{port}{SEND}?access_token={'T' * 130}"
    left = iter(range(messages))

    async def sender(http: ClientSession) -> None:
        for number in left:
            body = json.dumps(
                {
                    "touser": f"oBENCH{number:022d}",
                    "template_id": "T",
                    "data": {
                        "thing1": {"value": "数字化改造补助"},
                        "time2": {"value": "2026年12月20日 23:59"},
                    },
                    "url": "http://127.0.0.1/p/7",
                    "client_msg_id": f"{number:030d}",
                },
                ensure_ascii=False,
            ).encode()
            async with http.post(url, data=body) as response:
                json.loads(await response.read())

    async with ClientSession(connector=TCPConnector(limit=width)) as http:
        await asyncio.gather(*(sender(http) for _ in range(width)))
