"""Makes one call of the WeChat API: with a token, again with another token if that one was refused, at most three times.

Not wechatpy's client: it is synchronous, and a 40001 that persists makes it call itself until RecursionError
(docs/wechat.md §9.6).
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from wechat.api.errcodes import ErrcodeAction
from wechat.api.errors import HeldBack, WeChatError
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport, encode_json, errcode_of

_RENEWALS = 2
"""Repetitions of a call, each with another token (§7.2)."""

Gate = Callable[[], Awaitable[bool]]
"""Awaited right before each request leaves, after all waiting; False holds the request back."""


class ApiCalls:
    """Calls of any API by its path; every method raises like `WeChatClient`."""

    def __init__(self, transport: Transport, tokens: AccessTokens) -> None:
        self._transport = transport
        self._tokens = tokens

    async def post_json(
        self, path: str, body: Mapping[str, Any], *, gate: Gate | None = None
    ) -> dict[str, Any]:
        """POST to an API by its path (`/cgi-bin/…`) and return the JSON object of the answer."""
        return await self.call(path, body=encode_json(body).encode(), gate=gate)

    async def get_json(self, path: str, **params: str) -> dict[str, Any]:
        """GET an API by its path and return the JSON object of the answer."""
        return await self.call(path, method="GET", params=params)

    async def call(
        self,
        path: str,
        *,
        method: str = "POST",
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        gate: Gate | None = None,
    ) -> dict[str, Any]:
        """Call an API by its path with an encoded body, and return the JSON object of the answer.

        Raises:
            HeldBack: `gate` gave False; no request left, or WeChat had refused the token of the one that left.
        """
        token = self._tokens.current() or await self._tokens.get()
        await _ask(gate, path)
        answer = await self._transport.exchange(path, _query(token, params), method=method, body=body)
        if not answer.get("errcode"):
            return answer
        return await self._after_refusal(
            path, answer, token, method=method, params=params, body=body, gate=gate
        )

    async def _after_refusal(
        self,
        path: str,
        answer: dict[str, Any],
        token: str,
        *,
        method: str,
        params: Mapping[str, str] | None,
        body: bytes | None,
        gate: Gate | None,
    ) -> dict[str, Any]:
        """If the token was refused, repeat the call with another one, twice at most; raise any other refusal."""
        refused = frozenset({token})
        failure = _refusal(path, answer)
        while failure and failure.action is ErrcodeAction.REFRESH_TOKEN and len(refused) <= _RENEWALS:
            token = await self._tokens.renew(refused)
            refused |= {token}
            await _ask(gate, path)
            answer = await self._transport.exchange(path, _query(token, params), method=method, body=body)
            failure = _refusal(path, answer)
        if failure is None:
            return answer
        if failure.action is ErrcodeAction.REFRESH_TOKEN:
            self._tokens.distrust(failure)
        raise failure


async def _ask(gate: Gate | None, path: str) -> None:
    if gate is not None and not await gate():
        raise HeldBack(path, "held back")


def _refusal(path: str, answer: dict[str, Any]) -> WeChatError | None:
    errcode = errcode_of(answer)
    if not errcode:
        return None
    return WeChatError(path, errcode, str(answer.get("errmsg", "")), msg_id=str(answer.get("msg_id") or ""))


def _query(token: str, params: Mapping[str, str] | None) -> Mapping[str, str]:
    return {"access_token": token, **params} if params else {"access_token": token}
