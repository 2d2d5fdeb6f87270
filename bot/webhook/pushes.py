"""Pushes from WeChat: each is acted on once and answered within 5 seconds, retries included.

The task that received a push acts on it. At the deadline WeChat gets `success` and the connection ends, while the
handler goes on; its reply follows as a deferred reply.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from aiohttp import web

from bot.webhook.callback_metrics import CallbackMetrics
from bot.webhook.deferred_replies import DeferredReplies, prepend_deferred
from bot.webhook.idempotency import Claims, LocalReplies, idempotency_key
from handlers.framework.answer import Answer
from handlers.framework.session import Session
from storage import tracing
from storage.pseudonym import pseudonym
from storage.redis.pipeline import RedisPipeline
from wechat.push.messages import Inbound
from wechat.replies import Reply, Text
from wechat.texts import cut_to_bytes, fits

SOFT_DEADLINE_S = 4.2
"""WeChat gives up after 5 s; the remaining 0.8 s are for the way back."""
SUCCESS = b"success"
_FAILED = Text("抱歉，刚才没能处理您的消息，请稍后再发一次。")

Respond = Callable[[Inbound, Session], Awaitable[Answer]]
Responded = tuple[Answer, Session]
Repeat = Callable[[Callable[[], Awaitable[Responded]]], Awaitable[Responded]]
"""Runs a conversation's work, and repeats it if that is surely safe (`storage.sql.database.Database.repeat_while_away`)."""

_log = structlog.stdlib.get_logger(__name__)


class ServiceWindows(Protocol):
    """Records when a person last acted; must not wait."""

    def note(self, inbound: Inbound) -> None:
        """Note that the person wrote, tapped, scanned or followed."""


@dataclass(slots=True)
class _Push:
    """One push under way, with its retries.

    Attributes:
        request: its first delivery; the task of this request acts on the push.
        ends: the loop's time at which the response is due.
        retries: futures on which the retries of this push wait for the reply.
        mine: this process holds the claim.
        early: the `success` that was sent at the deadline; then the reply is a deferred one.
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
        """Give the waiting retries their reply."""
        for waiting in self.retries:
            if not waiting.done():
                waiting.set_result(reply)


class Pushes:
    """The pushes under way in this process.

    Args:
        app_id: the account's; a part of the Redis keys.
        secret: the key of the pseudonyms that stand for openids in Redis.
        respond: the conversation; it changes the session in place.
        pipeline: None if there is no Redis at all; then there are no sessions.
        deferred: delivers a reply that missed the deadline or did not fit.
        service_windows: gets each act of a person, once.
        repeat: answers again a message that met a database which was away.
        deadline_s: seconds from the arrival of a push to its response at the latest.
    """

    def __init__(
        self,
        *,
        app_id: str,
        secret: bytes,
        respond: Respond,
        pipeline: RedisPipeline | None,
        deferred: DeferredReplies,
        metrics: CallbackMetrics,
        service_windows: ServiceWindows | None = None,
        repeat: Repeat | None = None,
        deadline_s: float = SOFT_DEADLINE_S,
    ) -> None:
        self._app_id = app_id
        self._secret = secret
        self._respond = respond
        self._pipeline = pipeline
        self._claims = Claims(pipeline)
        self._deferred = deferred
        self._metrics = metrics
        self._service_windows = service_windows
        self._repeat = repeat
        self._deadline_s = deadline_s
        self._local = LocalReplies()
        self._running: dict[str, _Push] = {}
        self._watching = False
        self._tasks: set[asyncio.Task[Any]] = set()

    async def finish(self, grace_s: float = 10.0) -> None:
        """Wait for the pushes and deferred replies under way; called after the last request.

        Args:
            grace_s: seconds; what still runs then is cancelled.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + grace_s
        while (tasks := self._unfinished()) and loop.time() < ends:
            await asyncio.wait(tasks, timeout=ends - loop.time())
        if tasks:
            _log.error("callback.cut_off", pushes=len(tasks))
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if self._pipeline is not None:
            await self._pipeline.flush()

    def _unfinished(self) -> "set[asyncio.Task[Any]]":
        return self._tasks | {push.task for push in self._running.values() if push.task is not None}

    async def outcome(self, inbound: Inbound, request: web.Request) -> tuple[Reply, web.Response | None]:
        """Act on a push, or wait for the reply of its first delivery.

        Returns:
            The reply, and the response that was sent at the deadline, if the deadline came first.
        """
        who = pseudonym(self._secret, inbound.openid)
        key = idempotency_key(self._app_id, inbound, who)
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
        """Answer the pushes that are due with `success`. One timer serves all: they are due in the order of arrival."""
        waiting = [push for push in self._running.values() if push.early is None]
        for push in waiting:
            if push.ends > loop.time():
                loop.call_at(push.ends, self._watch, loop)
                return
            self._say_success(push)
        self._watching = False

    def _say_success(self, push: _Push) -> None:
        """Answer a push now, while its handler goes on. The response also ends the connection."""
        push.early = web.Response(body=SUCCESS, content_type="text/plain")
        push.early.force_close()
        self._start(_send(push.early, push.request))
        push.tell_retries(None)
        if push.task is not None:  # aiohttp forgets it when its connection ends
            self._tasks.add(push.task)
            push.task.add_done_callback(self._tasks.discard)
        if push.mine:  # else the claimant may be dead: then its claim expires and this call takes over
            self._claims.settle(push.key, None)
        self._metrics.deadline_missed.inc()
        self._metrics.answer(push.inbound.kind, self._deadline_s)
        _log.warning("callback.deadline_missed", kind=push.inbound.kind, what=push.inbound.event)

    async def _act(self, push: _Push) -> Reply:
        reply: Reply = None
        try:
            reply = await self._reply(push)
        except Exception:  # the edge: WeChat gets a 200, the log gets the cause
            self._metrics.failed.inc()
            _log.exception("callback.failed", kind=push.inbound.kind, what=push.inbound.event)
            reply = _FAILED if push.inbound.awaits_answer else None
            self._claims.settle(push.key, reply)
        finally:
            del self._running[push.key]
            self._local.keep(push.key, None if push.early else reply)
            push.tell_retries(reply)
        if push.early is not None:
            await self._deliver(push, reply)
        return reply

    async def _deliver(self, push: _Push, reply: Reply) -> None:
        try:
            await self._deferred.deliver(push.inbound.openid, push.who, reply)
        except Exception:  # the edge of a background task
            _log.exception("callback.deferred_failed")

    async def _reply(self, push: _Push) -> Reply:
        session_key = f"wx:session:{push.who}"
        with tracing.span("redis: claim and session"):
            claim = await self._claims.claim(push.key, session_key, self._deferred.key(push.who))
        if not claim.mine:
            self._metrics.repeated.inc()
            return claim.answer
        push.mine = True
        if push.early is not None:
            self._claims.settle(push.key, None)
        if self._service_windows is not None and push.inbound.by_person:
            self._service_windows.note(push.inbound)
        answer, session = await self._answer(push.inbound, claim.session)
        self._metrics.intent(answer.intent)
        if push.early is not None:
            self._claims.keep(push.key, None, session_key, claim.session, session)
            return answer.reply
        reply, rest = _fitting(answer.reply)
        if claim.deferred is not None and push.inbound.awaits_answer:
            reply, rest = prepend_deferred(claim.deferred, answer.reply)
            self._deferred.delete(push.who)
        self._claims.keep(push.key, reply, session_key, claim.session, session)
        if rest is not None:
            self._start(self._deliver(push, rest))
        return reply

    async def _answer(self, inbound: Inbound, stored: bytes | None) -> Responded:
        """Return the answer, and the session after it. Each try begins with the stored session."""

        async def respond() -> Responded:
            session = Session.from_json(stored)
            return await self._respond(inbound, session), session

        return await (self._repeat(respond) if self._repeat else respond())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _send(response: web.Response, request: web.Request) -> None:
    with suppress(ConnectionError):  # WeChat has hung up
        await response.prepare(request)
        await response.write_eof()


def _fitting(reply: Reply) -> tuple[Reply, Reply]:
    """Return the part of a reply that fits into the response, and the rest or None."""
    if reply is None or fits(reply.content):
        return reply, None
    first, *rest = cut_to_bytes(reply.content)
    return Text(first), Text("".join(rest))
