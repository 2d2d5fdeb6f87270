"""`/wechat`: checks what WeChat pushes, hands it on, and answers.

The order: size → signature, time, key, appid → XML → retry or not → conversation → reply. Nothing is parsed before
its signature holds. After that WeChat always gets a 200, because any other answer makes WeChat show the
person 该公众号提供的服务出现故障 (docs/wechat.md §1).
"""

import time
from collections.abc import Mapping

import structlog
from aiohttp import web

from bot.webhook.callback_metrics import CallbackMetrics
from bot.webhook.pushes import SUCCESS, Pushes
from storage import tracing
from wechat.push.crypto import AesKey, Envelope, EnvelopeError, NoEncryptError
from wechat.push.messages import Inbound
from wechat.push.parsing import NotAMessageError, parse_message
from wechat.push.rendering import render
from wechat.replies import Reply

BODY_LIMIT = 64 * 1024

_log = structlog.stdlib.get_logger(__name__)


class Callback:
    """Answers the pushes of WeChat.

    Args:
        envelope: opens pushes and seals replies.
        pushes: acts on what was opened.
    """

    def __init__(self, envelope: Envelope, pushes: Pushes, metrics: CallbackMetrics) -> None:
        self._envelope = envelope
        self._pushes = pushes
        self._metrics = metrics

    def routes(self, path: str = "/wechat") -> list[web.RouteDef]:
        """GET for the check of the address by 公众平台, POST for pushes."""
        return [web.get(path, self.echo, allow_head=False), web.post(path, self.receive)]

    async def finish(self, grace_s: float = 10.0) -> None:
        """Wait for the pushes under way, like `Pushes.finish`."""
        await self._pushes.finish(grace_s)

    async def echo(self, request: web.Request) -> web.Response:
        """Return `echostr` if the signature holds."""
        try:
            echo = self._envelope.check_echo(request.query)
        except EnvelopeError as problem:
            return self._refuse(403, str(int(problem.code)), str(problem))
        return web.Response(text=echo, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one push."""
        arrived = time.monotonic()
        body = await _limited_body(request)
        if body is None:
            return self._refuse(413, "413", "the body is over 64 KiB")
        if not body:
            return self._refuse(400, "400", "no body")
        try:
            opened = self._envelope.open(_query(request), body)
        except NoEncryptError as problem:
            return self._refuse(400, str(int(problem.code)), str(problem))
        except EnvelopeError as problem:
            return self._refuse(403, str(int(problem.code)), str(problem))
        try:
            inbound = parse_message(opened.xml)
        except NotAMessageError as problem:
            return self._pass_over(str(problem))
        with tracing.span("message", kind=inbound.kind):
            reply, early = await self._pushes.outcome(inbound, request)
        if early is not None:
            return early
        self._metrics.answer(inbound.kind, time.monotonic() - arrived)
        return self._response(inbound, reply, opened.key)

    def _response(self, inbound: Inbound, reply: Reply, key: AesKey | None) -> web.Response:
        xml = render(reply, to=inbound.openid, sender=inbound.account, at=int(time.time()))
        if not xml:
            return web.Response(body=SUCCESS, content_type="text/plain")
        if key is not None:
            xml = self._envelope.seal(xml, key)
        return web.Response(body=xml.encode(), content_type="text/xml", charset="utf-8")

    def _pass_over(self, reason: str) -> web.Response:
        """Answer `success` to a signed push that can't be read; otherwise WeChat shows its sender a fault."""
        self._metrics.refused.labels("-40002").inc()
        _log.warning("callback.unreadable", reason=reason)
        return web.Response(body=SUCCESS, content_type="text/plain")

    def _refuse(self, status: int, fault: str, reason: str) -> web.Response:
        self._metrics.refused.labels(fault).inc()
        _log.warning("callback.refused", status=status, reason=reason)
        return web.Response(status=status, text=f"{reason}\n")


def _query(request: web.Request) -> Mapping[str, str]:
    """Return the fields of the query. Those of WeChat need no decoding, which would take aiohttp ten times as long."""
    raw = request.raw_path.partition("?")[2]
    if "%" in raw or "+" in raw or ";" in raw:
        return request.query
    return dict([pair.partition("=")[::2] for pair in raw.split("&")])


async def _limited_body(request: web.Request) -> bytes | None:
    """Return the body, or None if it is larger than `BODY_LIMIT` bytes; reads no more than that."""
    if (request.content_length or 0) > BODY_LIMIT:
        return None
    body = b""
    # The length is counted, because the header may name none, or that of a compressed body.
    while piece := await request.content.readany():
        body += piece
        if len(body) > BODY_LIMIT:
            return None
    return body
