"""A small WeChat API over real HTTP: tokens that rotate, a secret that can be changed, answers that can be set."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

APP_ID = "wx0123456789abcdef"
SECRET = "s3cret0123456789abcdef0123456789"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WeChatApi:
    """What a test sets and reads.

    `answers` maps a path to what it answers: a dict, or a handler. `calls` counts, `bodies` keeps what came.
    """

    def __init__(self) -> None:
        self.secret = SECRET
        self.serial = 1
        self.refuses_every_token = False
        self.token_answer: dict[str, Any] | None = None
        self.token_delay = 0.0
        self.expires_in = 7200
        self.answers: dict[str, dict[str, Any] | Handler] = {}
        self.calls: Counter[str] = Counter()
        self.forced = 0
        self.bodies: list[Any] = []
        self.queries: list[dict[str, str]] = []
        self.url = ""

    @property
    def token(self) -> str:
        return f"TOKEN_{self.serial:04d}"

    def throw_token_out(self) -> None:
        """Another program made a new token: the one handed out before is refused from now on."""
        self.serial += 1

    async def stable_token(self, request: web.Request) -> web.Response:
        self.calls["token"] += 1
        body = await request.json()
        await asyncio.sleep(self.token_delay)
        if self.token_answer is not None:
            return web.json_response(self.token_answer)
        if (body["appid"], body["secret"]) != (APP_ID, self.secret):
            return web.json_response({"errcode": 40125, "errmsg": "invalid appsecret"})
        if body["force_refresh"]:
            self.forced += 1
            self.serial += 1
        return web.json_response({"access_token": self.token, "expires_in": self.expires_in})

    async def api(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path] += 1
        query = dict(request.query)
        self.queries.append(query)
        if self.refuses_every_token or query.pop("access_token", "") != self.token:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential rid: 65f-aa-bb"})
        if request.can_read_body and request.content_type != "multipart/form-data":
            self.bodies.append(await request.json())
        answer = self.answers.get(request.path, {"errcode": 0, "errmsg": "ok"})
        return web.json_response(answer) if isinstance(answer, dict) else await answer(request)


@asynccontextmanager
async def wechat_api() -> AsyncIterator[WeChatApi]:
    """One that listens on a free port until the end."""
    played = WeChatApi()
    app = web.Application()
    app.router.add_post("/cgi-bin/stable_token", played.stable_token)
    app.router.add_route("*", "/{path:.*}", played.api)
    server = TestServer(app)
    async with server:
        played.url = str(server.make_url("")).rstrip("/")
        yield played
