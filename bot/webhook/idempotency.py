"""Each push is acted on once, and its retries get the same reply (docs/wechat.md §1.7).

WeChat sends a push again when no answer came. The first process that sets a key in Redis acts on the push; the reply is
stored under the same key, and a retry reads it there. A claim expires after 6 s, so the next retry takes over a push whose
process died. The same round trip loads the sender's session. No library is used, because one `SET NX` is all that this needs.
"""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from itertools import count
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
_LOCAL_S = 60.0
"""For how long a process keeps a reply at least, unless there are too many. WeChat's last retry comes after about 15 s."""
_LOCAL_REPLIES = 20_000
_CLAIMED = b"?"
"""First byte of a claim; the bytes after it identify the claimant. No stored reply begins with it."""
_NO_SESSION = Session().to_json()
_RECEIPTS = frozenset({"templatesendjobfinish", "masssendjobfinish"})

_log = structlog.stdlib.get_logger(__name__)


def idempotency_key(app_id: str, inbound: Inbound, who: str) -> str:
    """Return the Redis key that a push shares with its retries and with no other push.

    Messages of two people have arrived with the same MsgId, and in plain mode anyone can write any MsgId. So each key
    holds the sender's pseudonym, `who`; no key holds an openid.
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
    """Return a value of the push, or its digest if it is longer than anything that WeChat sends."""
    return sent if len(sent) <= _LONGEST_SENT else _digest(sent)


def _digest(*parts: str) -> str:
    return hashlib.sha1("|".join(parts).encode("utf-8", "surrogatepass")).hexdigest()  # noqa: S324


class LocalReplies:
    """The last replies of this process; while Redis is unavailable, a retry is recognised by them alone.

    There are two generations. When the new one is old or full, it becomes the old one, and the old one is dropped.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Reply] = {}
        self._older: dict[str, Reply] = {}
        self._turn_at = time.monotonic() + _LOCAL_S

    def keep(self, key: str, reply: Reply) -> None:
        """Store a reply, and drop the old generation when it is time."""
        now = time.monotonic()
        if now >= self._turn_at or len(self._kept) >= _LOCAL_REPLIES // 2:
            self._older, self._kept = self._kept, {}
            self._turn_at = now + _LOCAL_S
        self._kept[key] = reply

    def __contains__(self, key: str) -> bool:
        return key in self._kept or key in self._older

    def __getitem__(self, key: str) -> Reply:
        return self._kept[key] if key in self._kept else self._older[key]


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether this call acts on a push.

    Attributes:
        mine: this call acts. If false, `answer` is the reply of the call that acted.
        session: the sender's session, as stored in Redis.
        deferred: the deferred reply to an earlier message, as stored in Redis.
    """

    mine: bool
    answer: Reply = None
    session: bytes | None = None
    deferred: bytes | None = None


class Claims:
    """Claims on pushes, shared by all processes; the sender's session comes in the same round trip."""

    def __init__(self, pipeline: RedisPipeline | None) -> None:
        self._pipeline = pipeline
        # A claim is recognised if the pipeline was sent twice: random bytes of the process, then a number.
        self._claimant = _CLAIMED + token_bytes(8)
        self._numbers = count(1)

    async def claim(self, key: str, session_key: str, deferred_key: str) -> Claim:
        """Claim a push, or wait for the reply of the process that has claimed it.

        It waits until there is a reply or the claim expires; the caller has a deadline of its own. Without Redis the
        claim is always granted, with an empty session.
        """
        mine = b"%b%d" % (self._claimant, next(self._numbers))
        while self._pipeline is not None:
            try:
                _, (stored, session, deferred) = await self._pipeline.send(
                    ("SET", key, mine, "NX", "PX", CLAIM_MS), ("MGET", key, session_key, deferred_key)
                )
                if stored == mine:
                    return Claim(mine=True, session=session, deferred=deferred)
            except ResponseError as refusal:
                _log.warning("redis.refused", command="SET", reason=str(refusal))
                break
            except RedisError:
                break
            if stored is not None and not stored.startswith(_CLAIMED):
                return Claim(mine=False, answer=_kept(stored))
            await asyncio.sleep(_POLL_S)
        return Claim(mine=True)

    def settle(self, key: str, reply: Reply) -> None:
        """Store the reply for retries."""
        if self._pipeline is not None:
            self._pipeline.post(_kept_answer(key, reply))

    def keep(self, key: str, reply: Reply, session_key: str, before: bytes | None, session: Session) -> None:
        """Store the reply for retries, and the session. A session that has not changed only gets a new expiry."""
        if self._pipeline is None:
            return
        after = session.to_json()
        if after == _NO_SESSION and before is not None:
            # An empty session is not stored: a person who was erased must have none.
            kept: Command = ("DEL", session_key)
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
        _log.warning("callback.broken_answer")
        return None
