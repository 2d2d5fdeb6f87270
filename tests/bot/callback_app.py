"""The real callback over HTTP with a conversation that the test writes, and WeChat on the other end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, web
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from bot.webhook.callback import Callback
from bot.webhook.callback_metrics import CallbackMetrics
from bot.webhook.deferred_replies import CustomerService, DeferredReplies
from bot.webhook.pushes import Pushes, Repeat
from handlers.framework.answer import Answer
from handlers.framework.session import Session
from storage.redis.pipeline import RedisPipeline
from tests.wechat.pushes import AES_KEY, APP_ID, TOKEN, Sender, path
from wechat.push.crypto import Envelope, Mode
from wechat.push.messages import Inbound
from wechat.push.parsing import parse_message
from wechat.replies import Reply, Text

SECRET = b"a secret of the tests"


class Conversation:
    """MemberReplies with what it was told; `slow` makes it wait until `go`."""

    def __init__(self) -> None:
        self.heard: list[Inbound] = []
        self.sessions: list[Session] = []
        self.reply: Callable[[Inbound, Session], Reply] = lambda inbound, _: Text(f"您说：{inbound.text}")
        self.began = asyncio.Event()
        self.go = asyncio.Event()
        self.go.set()

    async def respond(self, inbound: Inbound, session: Session) -> Answer:
        self.heard.append(inbound)
        self.sessions.append(session)
        self.began.set()
        await self.go.wait()
        return Answer("test", self.reply(inbound, session))


@dataclass
class Desk:
    """Customer-service messages that went out; `refuses` is raised instead."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    refuses: Exception | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def custom_text(self, openid: str, content: str) -> None:
        self.arrived.set()
        if self.refuses:
            raise self.refuses
        self.sent.append((openid, content))


class Noted:
    def __init__(self) -> None:
        self.seen: list[Inbound] = []

    def note(self, inbound: Inbound) -> None:
        self.seen.append(inbound)


@dataclass
class Process:
    """One process of ours: its callback on a port of its own."""

    callback: Callback
    conversation: Conversation
    service_windows: Noted
    registry: CollectorRegistry
    url: str
    http: ClientSession
    sender: Sender

    async def post(self, query: dict[str, str], body: bytes) -> tuple[int, str]:
        async with self.http.post(self.url + path(query), data=body) as response:
            return response.status, await response.text()

    async def push(self, xml: str, *, nonce: str = "1") -> str:
        """Push sealed; gives the text that the person would see ("" for `success`)."""
        status, body = await self.post(*self.sender.sealed(xml, nonce=nonce))
        assert status == 200
        if body == "success":
            return ""
        return str(parse_message(self.sender.open_reply(body)).text)

    def count(self, name: str) -> float:
        return self.registry.get_sample_value(f"policybot_callback_{name}_total") or 0


@asynccontextmanager
async def process(
    redis: Redis | None,
    *,
    mode: Mode = Mode.SAFE,
    desk: CustomerService | None = None,
    deadline_s: float = 4.2,
    conversation: Conversation | None = None,
    repeat: Repeat | None = None,
) -> AsyncIterator[Process]:
    pipeline = RedisPipeline(redis, rest_s=0.05) if redis is not None else None
    talk = conversation or Conversation()
    registry = CollectorRegistry()
    service_windows = Noted()
    metrics = CallbackMetrics(registry)
    pushes = Pushes(
        app_id=APP_ID,
        secret=SECRET,
        respond=talk.respond,
        repeat=repeat,
        pipeline=pipeline,
        deferred=DeferredReplies(desk, pipeline),
        metrics=metrics,
        service_windows=service_windows,
        deadline_s=deadline_s,
    )
    envelope = Envelope(TOKEN, APP_ID, mode=mode, aes_key="" if mode is Mode.PLAIN else AES_KEY)
    callback = Callback(envelope, pushes, metrics)
    app = web.Application()
    app.add_routes(callback.routes())
    runner = web.AppRunner(
        app, access_log=None
    )  # as `bot.roles.web_role` does; aiohttp's TestServer cancels handlers
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with ClientSession() as http:
        yield Process(callback, talk, service_windows, registry, f"http://{host}:{port}", http, Sender())
    await runner.cleanup()
    await callback.finish()
