"""A small real bot for the tests: aiohttp and wechatpy, nothing of ours on its side."""

import asyncio
from collections.abc import Callable

from aiohttp import web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import ArticlesReply, create_reply
from wechatpy.utils import check_signature

from sandbox.credentials import Credentials

Answer = Callable[[object], object]


class SmallBot:
    """Answers each push by `answer(message)`: None is `success`, a str a text, bytes a raw body."""

    def __init__(self, credentials: Credentials) -> None:
        self.crypto = WeChatCrypto(credentials.token, credentials.aes_key, credentials.app_id)
        self.token = credentials.token
        self.received: list[object] = []
        self.nonces: list[str] = []
        self.next_receipt: asyncio.Queue[object] = asyncio.Queue()
        self.answer: Answer = lambda message: "您好"
        self.silent_times = 0
        self.status = 200

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/wechat", self.handle)
        return app

    async def handle(self, request: web.Request) -> web.Response:
        query = request.query
        check_signature(self.token, query["signature"], query["timestamp"], query["nonce"])
        self.nonces.append(query["nonce"])
        if self.silent_times:
            self.silent_times -= 1
            await asyncio.sleep(5)
        body = await request.text()
        xml = self.crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(xml)
        self.received.append(message)
        if "JOBFINISH" in str(message._data.get("Event")):
            self.next_receipt.put_nowait(message)
        answer = self.answer(message)
        if isinstance(answer, bytes):
            return web.Response(body=answer, status=self.status)
        if answer is None:
            return web.Response(text="success", status=self.status)
        many = isinstance(answer, list)
        reply = ArticlesReply(message=message, articles=answer) if many else create_reply(answer, message)
        sealed = self.crypto.encrypt_message(reply.render(), query["nonce"], query["timestamp"])
        return web.Response(text=sealed, content_type="text/xml", status=self.status)
