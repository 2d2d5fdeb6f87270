"""Pushes from WeChat: each is acted on once and answered within 5 seconds, retries included. The session is loaded here.

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
from storage.pseudonym import pseudonym
from storage.redis.pipeline import RedisPipeline
from wechat.push.messages import Inbound
from wechat.replies import Reply, Text
from wechat.texts import cut_to_bytes, fits

SOFT_DEADLINE_S = 4.2
"""WeChat gives up after 5 s; the rest is for the way back."""
SUCCESS = b"success"
_FAILED = Text("抱歉，刚才没能处理您的消息，请稍后再发一次。")

Respond = Callable[[Inbound, Session], Awaitable[Answer]]

log = structlog.stdlib.get_logger(__name__)


class ServiceWindows(Protocol):
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


class Pushes:
    """The pushes under way in this process.

    Args:
        app_id: the account's, part of the keys in Redis.
        secret: keys the pseudonyms that stand for openids in Redis.
        respond: the conversation; changes the session in place.
        pipeline: None where there is no Redis at all: answers go on, without sessions.
        late: brings what misses the deadline or does not fit.
        service_windows: told of every act of a person, once.
        deadline_s: from a push's arrival to its answer at the latest.
    """

    def __init__(
        self,
        *,
        app_id: str,
        secret: bytes,
        respond: Respond,
        pipeline: RedisPipeline | None,
        late: DeferredReplies,
        metrics: CallbackMetrics,
        service_windows: ServiceWindows | None = None,
        deadline_s: float = SOFT_DEADLINE_S,
    ) -> None:
        self._app_id = app_id
        self._secret = secret
        self._respond = respond
        self._pipeline = pipeline
        self._claims = Claims(pipeline)
        self._late = late
        self._metrics = metrics
        self._service_windows = service_windows
        self._deadline_s = deadline_s
        self._local = LocalReplies()
        self._running: dict[str, _Push] = {}
        self._watching = False
        self._tasks: set[asyncio.Task[Any]] = set()

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

    async def outcome(self, inbound: Inbound, request: web.Request) -> tuple[Reply, web.Response | None]:
        """What this push is answered: by acting, or by what its first delivery got.

        A response comes with it where one had to be sent at the deadline.
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
        push.early = web.Response(body=SUCCESS, content_type="text/plain")
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
        if self._service_windows is not None and push.inbound.by_person:
            self._service_windows.note(push.inbound)
        session = Session.from_json(claim.session)
        answer = await self._respond(push.inbound, session)
        self._metrics.intent(answer.intent)
        if push.early is not None:
            self._claims.keep(push.key, None, session_key, claim.session, session)
            return answer.reply
        reply, rest = _fitting(answer.reply)
        if claim.late is not None and push.inbound.awaits_answer:
            reply, rest = prepend_deferred(claim.late, answer.reply)
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
