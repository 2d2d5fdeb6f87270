"""How a call reaches the WeChat API: with the account's token, at most three times, typed failures out.

wechatpy's API classes only build requests, so with `_request` over aiohttp each of them
(`client.tag.create(…)`, `client.draft.add(…)`) gives an awaitable. Not to be used on this class, for they
read an answer before it is there (wechat.md §9.8): `iter_followers`, `iter_tag_users`,
`jsapi.get_jsapi_ticket`, `media.get_url`, `qrcode.show`.
"""

from collections.abc import Mapping
from typing import Any

import aiohttp
import wechatpy
from yarl import URL

from wechat.errcodes import Action
from wechat.errors import WeChatError
from wechat.tokens import AccessTokens
from wechat.transport import OFFICIAL_API, Transport, encode_json, errcode_of

_CGI = "/cgi-bin/"
_RENEWALS = 2
"""The first call, and two with another token each (§7.2)."""


class ApiCalls(wechatpy.WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """Calls of any API by its path; every method raises as `WeChatClient` says."""

    def __init__(self, transport: Transport, tokens: AccessTokens, app_id: str) -> None:
        # wechatpy's own __init__ would open a requests.Session; its __new__ has bound the API classes.
        self.appid = app_id
        self._transport = transport
        self._tokens = tokens
        self._token = ""
        self._urls: dict[str, URL] = {}

    @property
    def access_token(self) -> str:
        """None here: the token is asked for by each call (wechatpy looks at this property early)."""
        raise AttributeError("access_token")

    async def post_json(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST an API by its path (`/cgi-bin/…`) and give its JSON object."""
        return await self._call(path, data=encode_json(body).encode())

    async def get_json(self, path: str, **params: str) -> dict[str, Any]:
        """GET an API by its path and give its JSON object."""
        return await self._call(path, method="GET", params=params)

    async def post_fast(self, path: str, body: str) -> dict[str, Any]:
        """The sends' way: the body comes encoded (JSON), the address is kept while the token holds."""
        data = body.encode()
        token = self._tokens.current() or await self._tokens.get()
        if token != self._token:
            self._token, self._urls = token, {}
        url = self._urls.get(path)
        if url is None:
            url = self._urls[path] = URL(f"{self._transport.base}{path}?access_token={token}", encoded=True)
        answer = await self._transport.exchange(path, url, data=data)
        if not answer.get("errcode"):
            return answer
        return await self._after_refusal(path, answer, token, data=data)

    async def _call(
        self,
        path: str,
        *,
        method: str = "POST",
        params: Mapping[str, str] | None = None,
        data: bytes | aiohttp.FormData | None = None,
    ) -> dict[str, Any]:
        token = self._tokens.current() or await self._tokens.get()
        answer = await self._exchange(path, token, method=method, params=params, data=data)
        return await self._after_refusal(path, answer, token, method=method, params=params, data=data)

    async def _exchange(
        self,
        path: str,
        token: str,
        *,
        method: str = "POST",
        params: Mapping[str, str] | None = None,
        data: bytes | aiohttp.FormData | None = None,
    ) -> dict[str, Any]:
        url = URL(self._transport.base + path).with_query({"access_token": token, **(params or {})})
        return await self._transport.exchange(path, url, method=method, data=data)

    async def _after_refusal(
        self, path: str, answer: dict[str, Any], token: str, **request: Any
    ) -> dict[str, Any]:
        """Where the token was refused, try with another, twice at most; raise what is left of refusals."""
        refused = frozenset({token})
        failure = _refusal(path, answer)
        while failure and failure.action is Action.REFRESH_TOKEN and len(refused) <= _RENEWALS:
            token = await self._tokens.renew(refused)
            refused |= {token}
            if isinstance(request.get("data"), aiohttp.FormData):
                break  # a form can be read once only; the next call has the new token
            answer = await self._exchange(path, token, **request)
            failure = _refusal(path, answer)
        if failure is None:
            return answer
        if failure.action is Action.REFRESH_TOKEN:
            self._tokens.distrust(failure)
        raise failure

    async def _request(self, method: str, url_or_endpoint: str, **request: Any) -> Any:
        """What wechatpy's API classes call (wechat.md §9.8)."""
        base = request.get("api_base_url", OFFICIAL_API + _CGI)
        url = url_or_endpoint if url_or_endpoint.startswith("http") else base + url_or_endpoint
        path = "/" + url.removeprefix(OFFICIAL_API).lstrip("/")
        data = request.get("data")
        if request.get("files"):
            data = _form(request["files"], data or {})
        elif isinstance(data, dict):
            data = encode_json(data).encode()
        params = {name: str(value) for name, value in (request.get("params") or {}).items()}
        answer = await self._call(path, method=method.upper(), params=params, data=data)
        processor = request.get("result_processor")
        return processor(answer) if processor else answer


def _refusal(path: str, answer: dict[str, Any]) -> WeChatError | None:
    errcode = errcode_of(answer)
    if not errcode:
        return None
    return WeChatError(path, errcode, str(answer.get("errmsg", "")), msg_id=str(answer.get("msg_id") or ""))


def _form(files: Mapping[str, Any], fields: Mapping[str, Any]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    for name, file in files.items():
        if isinstance(file, tuple):
            filename, content, *kind = file
            form.add_field(
                name, content, filename=filename, content_type=kind[0] if kind else "application/octet-stream"
            )
        else:
            form.add_field(name, file, filename=name)
    return form
