"""The servers that are compared, one a process: `python -m bench.load.message_servers KIND PORT REDIS_URL FOLDER`.

Each takes the same requests. `bare` is what aiohttp alone can do, `wechatpy` what a developer would write
with wechatpy: check the signature, parse, answer one constant.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvloop
import wechatpy
from aiohttp import web
from prometheus_client import CollectorRegistry
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import create_reply
from wechatpy.utils import check_signature

from bench.load.pushes import AES_KEY, APP_ID, TOKEN
from bot.observability.logs import set_up_logs
from bot.webhook.callback import Callback
from bot.webhook.callback_metrics import CallbackMetrics
from bot.webhook.deferred_replies import DeferredReplies
from bot.webhook.pushes import Pushes
from handlers.framework.answer import Answer
from handlers.framework.session import Session
from storage.redis.client import open_redis
from storage.redis.pipeline import RedisPipeline
from wechat.push.crypto import Envelope, Mode
from wechat.push.messages import Inbound

if TYPE_CHECKING:
    from bot.runtime.services import Services

CONSTANT = "您好，这里是惠企政策服务号，请输入您想了解的政策。"

Serve = Callable[[web.Application], Awaitable[None]]


async def bare(serve: Serve, *_: str) -> None:
    """Reads the body and answers a constant."""

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text=CONSTANT)

    app = web.Application()
    app.router.add_post("/wechat", handle)
    await serve(app)


async def with_wechatpy(serve: Serve, *, sealed: bool) -> None:
    """What wechatpy's documentation shows, in an aiohttp handler."""
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)

    async def handle(request: web.Request) -> web.Response:
        query, body = request.query, await request.read()
        timestamp, nonce = query["timestamp"], query["nonce"]
        if sealed:
            xml = crypto.decrypt_message(body, query["msg_signature"], timestamp, nonce)
        else:
            check_signature(TOKEN, query["signature"], timestamp, nonce)
            xml = body
        answer = create_reply(CONSTANT, wechatpy.parse_message(xml)).render()
        if sealed:
            answer = crypto.encrypt_message(answer, nonce, timestamp)
        return web.Response(text=answer, content_type="text/xml")

    app = web.Application()
    app.router.add_post("/wechat", handle)
    await serve(app)


async def constant(serve: Serve, redis_url: str, mode: Mode) -> None:
    """Our callback whole, with a conversation that answers one constant."""

    async def respond(_inbound: Inbound, session: Session) -> Answer:
        session.page += 1  # so that a session is written, as in a real conversation
        return Answer.of("constant", CONSTANT)

    redis = open_redis(redis_url)
    pipeline = RedisPipeline(redis)
    metrics = CallbackMetrics(CollectorRegistry())
    pushes = Pushes(
        app_id=APP_ID,
        secret=b"bench",
        respond=respond,
        pipeline=pipeline,
        deferred=DeferredReplies(None, pipeline),
        metrics=metrics,
    )
    envelope = Envelope(TOKEN, APP_ID, mode=mode, aes_key="" if mode is Mode.PLAIN else AES_KEY)
    callback = Callback(envelope, pushes, metrics)
    app = web.Application()
    app.add_routes(callback.routes())
    await serve(app)
    await redis.aclose()


async def whole(
    port: int,
    redis_url: str,
    folder: str,
    mode: Mode,
    until: "Callable[[Services], Coroutine[Any, Any, None]] | None" = None,
) -> None:
    """`policybot web` as it is: search over the library, database, service windows, metrics.

    It serves until `until` ends, by default until it is told to stop.
    """
    from bot.roles.background import Work  # noqa: PLC0415 - the other servers must not carry its modules
    from bot.roles.serving import Roles, serve  # noqa: PLC0415
    from bot.roles.web_role import web_part  # noqa: PLC0415
    from bot.runtime.listening import listen  # noqa: PLC0415
    from bot.runtime.settings import Settings  # noqa: PLC0415

    settings = Settings.model_validate(
        {
            "data_dir": Path(folder),
            "port": port,
            "redis_url": redis_url,
            "wechat_app_id": APP_ID,
            "wechat_app_secret": "bench",
            "wechat_token": TOKEN,
            "wechat_aes_key": "" if mode is Mode.PLAIN else AES_KEY,
            "wechat_mode": mode.value,
            "wechat_api_base": "http://127.0.0.1:9",
        }
    )
    with listen(settings) as taken:
        begin = web_part(taken)

        async def begin_and_tell(services: "Services", stack: AsyncExitStack) -> list[Work]:
            return [*await begin(services, stack), until(services) if until else told_to_stop()]

        await serve(settings, Roles(web=begin_and_tell))


async def told_to_stop() -> None:
    """Say that the server is ready, and wait until standard input ends."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


async def run(kind: str, port: int, redis_url: str, folder: str) -> None:
    """Serve until standard input ends."""

    async def serve(app: web.Application) -> None:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await told_to_stop()
        await runner.cleanup()

    servers: dict[str, Callable[[], Awaitable[None]]] = {
        "bare": lambda: bare(serve),
        "wechatpy plain": lambda: with_wechatpy(serve, sealed=False),
        "wechatpy safe": lambda: with_wechatpy(serve, sealed=True),
        "constant plain": lambda: constant(serve, redis_url, Mode.PLAIN),
        "constant safe": lambda: constant(serve, redis_url, Mode.SAFE),
        "policybot plain": lambda: whole(port, redis_url, folder, Mode.PLAIN),
        "policybot safe": lambda: whole(port, redis_url, folder, Mode.SAFE),
    }
    await servers[kind]()


if __name__ == "__main__":
    set_up_logs("warning")
    uvloop.run(run(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]))
