"""The access token: one fetch for all processes, one refresh when WeChat refuses a token, never a loop.

Not wechatpy's sessions: they have no lock, so eight cold processes make eight fetches or more (docs/wechat.md §9.6).
`stable_token` gives every caller the same token while it lives. So a lost Redis costs a few fetches and breaks
nothing. Rules: docs/wechat.md §7.1–7.2.
"""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from wechat.api.errcodes import WRONG_SECRET, explain
from wechat.api.errors import ApiFailure, NotSent, WeChatError
from wechat.api.transport import Transport, encode_json, errcode_of

_API = "/cgi-bin/stable_token"
_MARGIN_S = 300
_SHORTEST_S = 60
_LOCK_MS = 10_000
_POLL_S = 0.05
_FORCE_GAP_S = 30
_FORCES_A_DAY = 5
_BREAK_S = 60.0
_TRANSIENT_BREAK_S = 1.0
_REDIS_S = 1.0
_REDIS_REST_S = 5.0

_UNLOCK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    good_until: float
    """Unix seconds: five minutes before the token expires at WeChat. For five minutes after a renewal WeChat accepts the old
    token too."""


class AccessTokens:
    """The account's access token.

    Args:
        redis: where the processes share the token; None: each process keeps its own.
        now: real time in unix seconds (not the business clock).
    """

    def __init__(
        self,
        transport: Transport,
        app_id: str,
        secret: str,
        redis: Redis | None = None,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._transport = transport
        self._app_id = app_id
        self._secret = secret
        self._redis = redis
        self._now = now
        self._key = f"wx:token:{app_id}"
        self._turn = asyncio.Lock()
        self._token: _Token | None = None
        self._broken: tuple[float, ApiFailure] | None = None
        self._forces: list[float] = []
        self._redis_away_until = 0.0

    def current(self) -> str | None:
        """Return the token of this process if it is still valid, else None; no I/O."""
        token = self._token
        return token.value if token and token.good_until > self._now() else None

    async def get(self) -> str:
        """Return a valid token.

        Raises:
            WeChatError: WeChat refuses to give one (wrong secret, address not whitelisted …).
            NotSent: WeChat can't be reached now.
        """
        return self.current() or await self._one_at_a_time(frozenset())

    async def renew(self, refused: frozenset[str]) -> str:
        """Refresh the token: a token other than those that WeChat refused. Callers at the same time share one fetch.

        Three steps, until one gives another token: the token that another process stored, a fetch, a forced refresh (at most
        one in 30 s and five a day).

        Raises:
            WeChatError: as in `get`, or a forced refresh gave no other token.
            NotSent: WeChat can't be reached now.
        """
        return await self._one_at_a_time(refused)

    def distrust(self, failure: WeChatError) -> None:
        """Ask for no token for a minute, because WeChat refuses fresh ones too."""
        self._broken = (self._now() + _BREAK_S, failure)
        self._token = None
        _log.error("wechat.token_refused", errcode=failure.errcode, rid=failure.rid)

    async def _one_at_a_time(self, refused: frozenset[str]) -> str:
        async with self._turn:
            held = self.current()
            if held and held not in refused:
                return held
            self._raise_if_broken()
            self._token = None
            try:
                async with self._shared_turn():
                    token = await self._refresh(refused)
            except ApiFailure as failure:
                lasting = isinstance(failure, WeChatError) and not failure.row.may_have_run
                self._broken = (self._now() + (_BREAK_S if lasting else _TRANSIENT_BREAK_S), failure)
                raise
            self._broken = None
            self._token = token
            return token.value

    def _raise_if_broken(self) -> None:
        if self._broken is None:
            return
        until, failure = self._broken
        if self._now() >= until:
            self._broken = None
        elif isinstance(failure, WeChatError):
            raise WeChatError(failure.api, failure.errcode, failure.errmsg, row=failure.row)
        else:
            raise NotSent(_API, "no access token: the last try failed a moment ago")

    async def _refresh(self, refused: frozenset[str]) -> _Token:
        stored = await self._stored()
        if stored and stored.value not in refused:
            return stored
        token = await self._fetch(force=False)
        if token.value in refused:
            if not await self._may_force():
                raise WeChatError(_API, 40001, "a token is refused and may not be forced anew yet")
            token = await self._fetch(force=True)
            if token.value in refused:
                raise WeChatError(_API, 40001, "a forced refresh gave the refused token again")
        await self._store(token)
        return token

    async def _fetch(self, *, force: bool) -> _Token:
        body = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
            "force_refresh": force,
        }
        problem = ""
        try:
            answer = await self._transport.exchange(_API, {}, body=encode_json(body).encode())
        except ApiFailure as failure:
            problem = str(failure)
        if problem:  # in any case the call that needs the token was not sent
            raise NotSent(_API, problem)
        return self._token_of(answer)

    def _token_of(self, answer: dict[str, Any]) -> _Token:
        value = answer.get("access_token")
        if not isinstance(value, str) or not value:
            errcode = errcode_of(answer) or -1
            row = WRONG_SECRET if errcode == 40001 else explain(errcode)
            raise WeChatError(_API, errcode, str(answer.get("errmsg", "")), row=row)
        lifetime = max(int(answer.get("expires_in") or 0) - _MARGIN_S, _SHORTEST_S)
        return _Token(value, self._now() + lifetime)

    async def _stored(self) -> _Token | None:
        try:
            raw = await self._ask("GET", self._key)
            fields = json.loads(raw) if raw else None
        except (RedisError, ValueError):
            return None
        if not isinstance(fields, list) or len(fields) != 2 or float(fields[1]) <= self._now():
            return None
        return _Token(str(fields[0]), float(fields[1]))

    async def _store(self, token: _Token) -> None:
        lifetime_ms = max(int((token.good_until - self._now()) * 1000), 1)
        with suppress(RedisError):
            await self._ask("SET", self._key, json.dumps([token.value, token.good_until]), "PX", lifetime_ms)

    async def _may_force(self) -> bool:
        """Whether a forced refresh is allowed: one in 30 s and five a day, over all processes (WeChat allows 20 a day)."""
        now = self._now()
        self._forces = [at for at in self._forces if at > now - 86_400]
        if len(self._forces) >= _FORCES_A_DAY or (self._forces and self._forces[-1] > now - _FORCE_GAP_S):
            return False
        with suppress(RedisError):
            if not await self._ask("SET", f"{self._key}:forced", b"1", "NX", "EX", _FORCE_GAP_S):
                return False
            today = f"{self._key}:forces"
            count = await self._ask("INCR", today)
            if count == 1:
                await self._ask("EXPIRE", today, 86_400)
            if count > _FORCES_A_DAY:
                return False
        self._forces.append(now)
        return True

    @asynccontextmanager
    async def _shared_turn(self) -> AsyncIterator[None]:
        """Hold the lock that all processes share. It expires after 10 s, in case its holder died.

        Without Redis there is no lock: a stable token is the same for every process.
        """
        mine = secrets.token_hex(8)
        name = f"{self._key}:lock"
        with suppress(RedisError):
            while not await self._ask("SET", name, mine, "NX", "PX", _LOCK_MS):  # noqa: ASYNC110 - freed elsewhere
                await asyncio.sleep(_POLL_S)
        try:
            yield
        finally:
            with suppress(RedisError):
                await self._ask("EVAL", _UNLOCK, 1, name, mine)

    async def _ask(self, *command: str | bytes | int) -> Any:
        """Send one command to Redis; after a failure none for 5 s, because a token must not wait for Redis."""
        if self._redis is None or time.monotonic() < self._redis_away_until:
            raise RedisConnectionError("Redis is away")
        try:
            async with asyncio.timeout(_REDIS_S):  # a request waits for its token: no longer than this
                return await self._redis.execute_command(*command)  # type: ignore[no-untyped-call]
        except (RedisError, OSError) as problem:
            self._redis_away_until = time.monotonic() + _REDIS_REST_S
            _log.warning("wechat.token_not_shared", cause=type(problem).__name__)
            raise RedisConnectionError("Redis is away") from None
