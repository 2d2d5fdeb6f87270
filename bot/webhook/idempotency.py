"""Each push is acted on once, and its retries get the same reply (docs/wechat.md §1.7).

WeChat sends a push again when no answer came. The first process that sets a key in Redis acts on the push; the reply is
stored under the same key, and a retry reads it there. A claim expires after 6 s, so the next retry takes over a push whose
process died. By hand: one `SET NX` is all it needs, and it shares the round trip that
loads the session.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_bytes

import structlog
from redis.exceptions import RedisError, ResponseError

from handlers.framework.session import SESSION_SECONDS, Session
from storage.redis.pipeline import Command, RedisPipeline
from wechat.push.messages import Inbound
from wechat.replies import Reply, reply_from_bytes, reply_to_bytes

CLAIM_MS = 6_000
KEPT_S = 600
_POLL_S = 0.05
_LONGEST_SENT = 40
_CLAIMED = b"?"
"""Begins the value of a claim, whose rest tells whose it is; no kept answer begins so."""
_NO_SESSION = Session().to_json()
_RECEIPTS = frozenset({"templatesendjobfinish", "masssendjobfinish"})

log = structlog.stdlib.get_logger(__name__)


def idempotency_key(app_id: str, inbound: Inbound, who: str) -> str:
    """What a push and its retries have in common, and no other push has.

    Two people's messages have come with one MsgId, and in plain mode anyone can write any MsgId: so a key is
    always the sender's own. `who` is their pseudonym: no key holds an openid.
    """
    prefix = f"wx:dedup:{app_id}"
    if inbound.message_id:
        return f"{prefix}:m:{who}:{inbound.sent_at}:{_short(inbound.message_id)}"
    if inbound.event in _RECEIPTS:
        return f"{prefix}:r:{who}:{inbound.event}:{_short(str(inbound.raw.get('MsgID', '')))}"
    if inbound.event == "subscribe_msg_sent_event":
        return f"{prefix}:r:{who}:{inbound.event}:{_digest(*_sent_ids(inbound))}"
    what = _digest(inbound.key, inbound.text, str(inbound.raw.get("MsgID", "")))
    return f"{prefix}:e:{who}:{inbound.sent_at}:{_short(inbound.event or inbound.kind)}:{what}"


def _sent_ids(inbound: Inbound) -> list[str]:
    inner = inbound.raw.get("SubscribeMsgSentEvent")
    entries = inner.get("List", ()) if isinstance(inner, dict) else ()
    return sorted(str(entry.get("MsgID", "")) for entry in entries if isinstance(entry, dict))


def _short(sent: str) -> str:
    """What was sent, or its digest where it is longer than anything WeChat sends."""
    return sent if len(sent) <= _LONGEST_SENT else _digest(sent)


def _digest(*parts: str) -> str:
    return hashlib.sha1("|".join(parts).encode("utf-8", "surrogatepass")).hexdigest()  # noqa: S324


class LocalReplies:
    """The answers this process gave lately: all there is to tell a retry by while Redis is away.

    They are forgotten by the half: what was kept before the last turn goes at the next one.

    Args:
        most: answers kept.
        seconds: how long one is kept at least, if not too many come; WeChat's last retry comes after about 15.
        now: monotonic seconds.
    """

    def __init__(
        self, *, most: int = 20_000, seconds: float = 60, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._half = most // 2
        self._seconds = seconds
        self._now = now
        self._kept: dict[str, Reply] = {}
        self._older: dict[str, Reply] = {}
        self._turn_at = now() + seconds

    def keep(self, key: str, reply: Reply) -> None:
        """Remember an answer, and forget what is too old or too much."""
        now = self._now()
        if now >= self._turn_at or len(self._kept) >= self._half:
            self._older, self._kept = self._kept, {}
            self._turn_at = now + self._seconds
        self._kept[key] = reply

    def __contains__(self, key: str) -> bool:
        return key in self._kept or key in self._older

    def __getitem__(self, key: str) -> Reply:
        return self._kept[key] if key in self._kept else self._older[key]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who acts on a push.

    Attributes:
        mine: this call does; else `answer` is what the first one gave.
        session: the sender's session as stored.
        late: an answer that came too late for an earlier message, as kept.
    """

    mine: bool
    answer: Reply = None
    session: bytes | None = None
    late: bytes | None = None


class Claims:
    """Claims on pushes, shared by all processes; the sender's session comes in the same round trip."""

    def __init__(self, pipeline: RedisPipeline | None) -> None:
        self._pipeline = pipeline

    async def claim(self, key: str, session_key: str, late_key: str) -> Claim:
        """Become the one who acts, or wait for the answer of the one who does.

        Waits as long as the other lives; the caller has a deadline of its own. Without Redis the push is
        the caller's, with an empty session.
        """
        mine = _CLAIMED + token_bytes(8)  # known again where the pipeline had to be sent twice
        while self._pipeline is not None:
            try:
                _, (stored, session, late) = await self._pipeline.send(
                    ("SET", key, mine, "NX", "PX", CLAIM_MS), ("MGET", key, session_key, late_key)
                )
                if stored == mine:
                    return Claim(mine=True, session=session, late=late)
            except ResponseError as refusal:
                log.warning("redis.refused", command="SET", reason=str(refusal))
                break
            except RedisError:
                break
            if stored is not None and not stored.startswith(_CLAIMED):
                return Claim(mine=False, answer=_kept(stored))
            await asyncio.sleep(_POLL_S)
        return Claim(mine=True)

    def settle(self, key: str, reply: Reply) -> None:
        """Keep the answer for retries."""
        if self._pipeline is not None:
            self._pipeline.post(_kept_answer(key, reply))

    def keep(self, key: str, reply: Reply, session_key: str, before: bytes | None, session: Session) -> None:
        """Keep the answer for retries, and the session; one that has not changed only lasts longer."""
        if self._pipeline is None:
            return
        after = session.to_json()
        if after == _NO_SESSION and before is not None:
            kept: Command = ("DEL", session_key)  # nothing to remember; nobody who was erased has a session
        elif after != (before or _NO_SESSION):
            kept = ("SET", session_key, after, "EX", SESSION_SECONDS)
        elif before is not None:
            kept = ("EXPIRE", session_key, SESSION_SECONDS)
        else:
            self._pipeline.post(_kept_answer(key, reply))
            return
        self._pipeline.post(_kept_answer(key, reply), kept)


def _kept_answer(key: str, reply: Reply) -> Command:
    return ("SET", key, reply_to_bytes(reply), "EX", KEPT_S)


def _kept(stored: bytes) -> Reply:
    try:
        return reply_from_bytes(stored)
    except (ValueError, TypeError):
        log.warning("callback.broken_answer")
        return None
