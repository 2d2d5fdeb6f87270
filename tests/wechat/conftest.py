"""A small WeChat API over real HTTP for the client's tests: tokens that rotate, answers that can be set."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pyreqwest.client import Client

from wechat.api.client import WeChatClient
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport, open_http_client

APP_ID = "wx0123456789abcdef"
SECRET = "s3cret0123456789abcdef0123456789"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WeChatApi:
    """What a test sets and reads.

    `answers` maps a path to what it answers: a dict, or a handler. `calls` counts, `bodies` keeps what came.
    """

    def __init__(self) -> None:
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
        if (body["appid"], body["secret"]) != (APP_ID, SECRET):
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


@pytest.fixture
async def api() -> AsyncIterator[WeChatApi]:
    stand_in = WeChatApi()
    app = web.Application()
    app.router.add_post("/cgi-bin/stable_token", stand_in.stable_token)
    app.router.add_route("*", "/{path:.*}", stand_in.api)
    server = TestServer(app)
    await server.start_server()
    stand_in.url = str(server.make_url("")).rstrip("/")
    yield stand_in
    await server.close()


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    async with open_http_client() as opened:
        yield opened


@pytest.fixture
def transport(api: WeChatApi, http: Client) -> Transport:
    return Transport(http, api.url, timeout_s=2)


@pytest.fixture
def tokens(transport: Transport) -> AccessTokens:
    return AccessTokens(transport, APP_ID, SECRET)


@pytest.fixture
def client(transport: Transport, tokens: AccessTokens) -> WeChatClient:
    return WeChatClient(transport, tokens, APP_ID)
