"""`/wechat`: what WeChat pushes is checked, acted on once, and answered within its 5 seconds.

The order: size → signature, time, key, appid → XML → is it a retry? → the conversation → reply. Nothing is
parsed before its signature holds. Whatever happens after that, WeChat gets a 200: any other answer shows the
person 该公众号提供的服务出现故障. (wechat.md §1)
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from aiohttp import web

from bot.callback_metrics import CallbackMetrics
from bot.duplicates import Claims, LocalAnswers, duplicate_key
from bot.late import LateAnswers, with_late
from handlers.answer import Answer
from handlers.session import Session
from storage.pseudonym import pseudonym
from storage.redis_pipeline import RedisPipeline
from wechat.crypto import Envelope, EnvelopeError, NoEncryptError
from wechat.messages import Inbound
from wechat.parsing import NotAMessage, parse_message
from wechat.rendering import render
from wechat.replies import Reply, Text
from wechat.texts import cut_to_bytes, fits

BODY_LIMIT = 64 * 1024
SOFT_DEADLINE_S = 4.2
"""WeChat gives up after 5 s; the rest is for the way back."""

_SUCCESS = b"success"
_FAILED = Text("抱歉，刚才没能处理您的消息，请稍后再发一次。")

Respond = Callable[[Inbound, Session], Awaitable[Answer]]

log = structlog.stdlib.get_logger(__name__)


class Contacts(Protocol):
    """Notes when a person last reached out; must not wait."""

    def note(self, inbound: Inbound) -> None:
        """The person did something."""


@dataclass(slots=True)
class _Push:
    """One push under way, its retries included.

    Attributes:
        request: its first delivery; the task that handles it is the one that acts.
        ends: the loop's time at which an answer is due.
        retries: what deliveries that came meanwhile wait for.
        mine: no other process acts on it.
        early: what was said at the deadline; the answer follows by itself.
    """

    key: str
    who: str
    inbound: Inbound
    request: web.Request
    task: "asyncio.Task[Any] | None"
    ends: float
    retries: "list[asyncio.Future[Reply]]" = field(default_factory=list)
    mine: bool = False
    early: web.Response | None = None

    def tell_retries(self, reply: Reply) -> None:
        """Give the waiting deliveries their answer."""
        for waiting in self.retries:
            if not waiting.done():
                waiting.set_result(reply)


class Callback:
    """Answers WeChat's pushes.

    Args:
        envelope: opens pushes and seals replies.
        app_id: the account's, part of the keys in Redis.
        secret: keys the pseudonyms that stand for openids in Redis.
        respond: the conversation; changes the session in place.
        pipeline: None where there is no Redis at all: answers go on, without sessions.
        late: brings what misses the deadline or does not fit.
        contacts: told of every act of a person, once.
        now: real time in unix seconds.
        deadline_s: from a push's arrival to its answer at the latest.
    """

    def __init__(
        self,
        envelope: Envelope,
        *,
        app_id: str,
        secret: bytes,
        respond: Respond,
        pipeline: RedisPipeline | None,
        late: LateAnswers,
        metrics: CallbackMetrics,
        contacts: Contacts | None = None,
        now: Callable[[], float] = time.time,
        deadline_s: float = SOFT_DEADLINE_S,
    ) -> None:
        self._envelope = envelope
        self._app_id = app_id
        self._secret = secret
        self._respond = respond
        self._pipeline = pipeline
        self._claims = Claims(pipeline)
        self._late = late
        self._metrics = metrics
        self._contacts = contacts
        self._now = now
        self._deadline_s = deadline_s
        self._local = LocalAnswers()
        self._running: dict[str, _Push] = {}
        self._watching = False
        self._tasks: set[asyncio.Task[Any]] = set()

    def routes(self, path: str = "/wechat") -> list[web.RouteDef]:
        """GET for 公众平台's check of the address, POST for pushes."""
        return [web.get(path, self.echo, allow_head=False), web.post(path, self.receive)]

    async def finish(self, grace_s: float = 10.0) -> None:
        """Bring to an end what has begun, late answers included; to be called after the last request."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + grace_s
        while (tasks := self._unfinished()) and loop.time() < ends:
            await asyncio.wait(tasks, timeout=ends - loop.time())
        if tasks:
            log.error("callback.cut_off", pushes=len(tasks))
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if self._pipeline is not None:
            await self._pipeline.flush()

    def _unfinished(self) -> "set[asyncio.Task[Any]]":
        return self._tasks | {push.task for push in self._running.values() if push.task is not None}

    async def echo(self, request: web.Request) -> web.Response:
        """Give `echostr` back if the signature holds."""
        try:
            echo = self._envelope.check_echo(request.query)
        except EnvelopeError as problem:
            return self._refuse(403, str(int(problem.fault)), str(problem))
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
            inbound = parse_message(opened.xml)
        except NoEncryptError as problem:
            return self._refuse(400, str(int(problem.fault)), str(problem))
        except EnvelopeError as problem:
            return self._refuse(403, str(int(problem.fault)), str(problem))
        except NotAMessage as problem:
            return self._refuse(400, "-40002", f"-40002 {problem}")
        reply, early = await self._outcome(inbound, request)
        if early is not None:
            return early
        self._metrics.answer(inbound.kind, time.monotonic() - arrived)
        return self._response(inbound, reply, sealed=opened.sealed)

    def _response(self, inbound: Inbound, reply: Reply, *, sealed: bool) -> web.Response:
        xml = render(
            reply,
            to=inbound.openid,
            sender=inbound.account,
            at=int(self._now()),
            to_event=inbound.kind == "event",
        )
        if not xml:
            return web.Response(body=_SUCCESS, content_type="text/plain")
        if sealed:
            xml = self._envelope.seal(xml)
        return web.Response(body=xml.encode(), content_type="text/xml", charset="utf-8")

    def _refuse(self, status: int, fault: str, reason: str) -> web.Response:
        self._metrics.refused.labels(fault).inc()
        log.warning("callback.refused", status=status, reason=reason)
        return web.Response(status=status, text=f"{reason}\n")

    async def _outcome(self, inbound: Inbound, request: web.Request) -> tuple[Reply, web.Response | None]:
        """What this push is answered: by acting, or by what its first delivery got.

        A response comes with it where one had to be sent at the deadline.
        """
        who = pseudonym(self._secret, inbound.openid)
        key = duplicate_key(self._app_id, inbound, who)
        push = self._running.get(key)
        if push is not None:
            self._metrics.repeated.inc()
            if push.early is not None:
                return None, None
            retry: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
            push.retries.append(retry)
            return await retry, None
        if key in self._local:
            self._metrics.repeated.inc()
            return self._local[key], None
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._deadline_s
        push = self._running[key] = _Push(key, who, inbound, request, asyncio.current_task(loop), ends)
        if not self._watching:
            self._watching = True
            loop.call_at(ends, self._watch, loop)
        reply = await self._act(push)
        return reply, push.early

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say `success` for what is due; one timer serves all pushes, they are due in the order they came in."""
        waiting = [push for push in self._running.values() if push.early is None]
        for push in waiting:
            if push.ends > loop.time():
                loop.call_at(push.ends, self._watch, loop)
                return
            self._say_success(push)
        self._watching = False

    def _say_success(self, push: _Push) -> None:
        """Answer a push now, while its handler goes on; its connection ends with the answer."""
        push.early = web.Response(body=_SUCCESS, content_type="text/plain")
        push.early.force_close()
        self._start(_send(push.early, push.request))
        push.tell_retries(None)
        if push.task is not None:  # aiohttp forgets it when its connection ends
            self._tasks.add(push.task)
            push.task.add_done_callback(self._tasks.discard)
        if push.mine:  # else the one who acts may be dead: its claim lapses and this call takes over
            self._claims.settle(push.key, None)
        self._metrics.late.inc()
        self._metrics.answer(push.inbound.kind, self._deadline_s)
        log.warning("callback.late", kind=push.inbound.kind, what=push.inbound.event)

    async def _act(self, push: _Push) -> Reply:
        reply: Reply = None
        try:
            reply = await self._reply(push)
        except Exception:  # the edge: WeChat gets its 200, the log the cause
            self._metrics.failed.inc()
            log.exception("callback.failed", kind=push.inbound.kind, what=push.inbound.event)
            reply = _FAILED if push.inbound.awaits_answer else None
            self._claims.settle(push.key, reply)
        finally:
            del self._running[push.key]
            self._local.keep(push.key, None if push.early else reply)
            push.tell_retries(reply)
        if push.early is not None:
            await self._bring(push, reply)
        return reply

    async def _bring(self, push: _Push, reply: Reply) -> None:
        try:
            await self._late.bring(push.inbound.openid, push.who, reply)
        except Exception:  # the edge of a background task
            log.exception("callback.late_failed")

    async def _reply(self, push: _Push) -> Reply:
        session_key = f"wx:session:{push.who}"
        claim = await self._claims.claim(push.key, session_key, self._late.key(push.who))
        if not claim.mine:
            self._metrics.repeated.inc()
            return claim.answer
        push.mine = True
        if push.early is not None:
            self._claims.settle(push.key, None)
        if self._contacts is not None and push.inbound.by_person:
            self._contacts.note(push.inbound)
        session = Session.from_json(claim.session)
        answer = await self._respond(push.inbound, session)
        self._metrics.intent(answer.intent)
        if push.early is not None:
            self._claims.keep(push.key, None, session_key, claim.session, session)
            return answer.reply
        reply, rest = _fitting(answer.reply)
        if claim.late is not None and push.inbound.awaits_answer:
            reply, rest = with_late(claim.late, answer.reply)
            self._late.taken(push.who)
        self._claims.keep(push.key, reply, session_key, claim.session, session)
        if rest is not None:
            self._start(self._bring(push, rest))
        return reply

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _send(response: web.Response, request: web.Request) -> None:
    with suppress(ConnectionError):  # nobody is there any more
        await response.prepare(request)
        await response.write_eof()


def _fitting(reply: Reply) -> tuple[Reply, Reply]:
    """What goes into the push's answer, and what has to follow."""
    if not isinstance(reply, Text) or fits(reply.content):
        return reply, None
    first, *rest = cut_to_bytes(reply.content)
    return Text(first), Text("".join(rest))


def _query(request: web.Request) -> Mapping[str, str]:
    """The query's fields; WeChat's need no decoding, and aiohttp's own way takes ten times as long."""
    raw = request.raw_path.partition("?")[2]
    if "%" in raw or "+" in raw or ";" in raw:
        return request.query
    return dict([pair.partition("=")[::2] for pair in raw.split("&")])


async def _limited_body(request: web.Request) -> bytes | None:
    """The body, or None if it is over the limit; reads no more than the limit."""
    if (request.content_length or 0) > BODY_LIMIT:
        return None
    body = b""
    while piece := await request.content.readany():  # the length may be unknown, or of a compressed body
        body += piece
        if len(body) > BODY_LIMIT:
            return None
    return body
