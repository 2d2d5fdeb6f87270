"""How a call reaches the WeChat API: with the account's token, at most three times, typed failures out.

wechatpy's API classes only build requests, so with `_request` over aiohttp each of them
(`client.tag.create(…)`, `client.draft.add(…)`) gives an awaitable. Not to be used on this class, for they
read an answer before it is there (wechat.md §9.8): `iter_followers`, `iter_tag_users`,
`jsapi.get_jsapi_ticket`, `media.get_url`, `qrcode.show`.
"""

from collections.abc import Mapping
from typing import Any

import wechatpy
from pyreqwest.multipart import FormBuilder, PartBuilder

from wechat.errcodes import Action
from wechat.errors import WeChatError
from wechat.tokens import AccessTokens
from wechat.transport import OFFICIAL_API, Body, Transport, encode_json, errcode_of

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

    @property
    def access_token(self) -> str:
        """None here: the token is asked for by each call (wechatpy looks at this property early)."""
        raise AttributeError("access_token")

    async def post_json(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST an API by its path (`/cgi-bin/…`) and give its JSON object."""
        return await self._call(path, body=encode_json(body).encode())

    async def get_json(self, path: str, **params: str) -> dict[str, Any]:
        """GET an API by its path and give its JSON object."""
        return await self._call(path, method="GET", params=params)

    async def post_encoded(self, path: str, body: str) -> dict[str, Any]:
        """The same with a body that is JSON already."""
        return await self._call(path, body=body.encode())

    async def _call(
        self, path: str, *, method: str = "POST", params: Mapping[str, str] | None = None, body: Body = None
    ) -> dict[str, Any]:
        token = self._tokens.current() or await self._tokens.get()
        answer = await self._transport.exchange(path, _query(token, params), method=method, body=body)
        if not answer.get("errcode"):
            return answer
        return await self._after_refusal(path, answer, token, method=method, params=params, body=body)

    async def _after_refusal(
        self,
        path: str,
        answer: dict[str, Any],
        token: str,
        *,
        method: str,
        params: Mapping[str, str] | None,
        body: Body,
    ) -> dict[str, Any]:
        """Where the token was refused, try with another, twice at most; raise what is left of refusals."""
        refused = frozenset({token})
        failure = _refusal(path, answer)
        while failure and failure.action is Action.REFRESH_TOKEN and len(refused) <= _RENEWALS:
            token = await self._tokens.renew(refused)
            refused |= {token}
            if isinstance(body, FormBuilder):
                break  # a form can be read once only; the next call has the new token
            answer = await self._transport.exchange(path, _query(token, params), method=method, body=body)
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
        data, files = request.get("data"), request.get("files")
        params = {name: str(value) for name, value in (request.get("params") or {}).items()}
        body: Body
        if files:
            body = _form(files, data or {})
        elif isinstance(data, dict):
            body = encode_json(data).encode()
        else:
            body = data.encode() if isinstance(data, str) else data
        answer = await self._call(path, method=method.upper(), params=params, body=body)
        processor = request.get("result_processor")
        return processor(answer) if processor else answer


def _refusal(path: str, answer: dict[str, Any]) -> WeChatError | None:
    errcode = errcode_of(answer)
    if not errcode:
        return None
    return WeChatError(path, errcode, str(answer.get("errmsg", "")), msg_id=str(answer.get("msg_id") or ""))


def _query(token: str, params: Mapping[str, str] | None) -> Mapping[str, str]:
    return {"access_token": token, **params} if params else {"access_token": token}


def _form(files: Mapping[str, Any], fields: Mapping[str, Any]) -> FormBuilder:
    """A form of files as `requests` takes them: content or open file, or (name, content, kind)."""
    form = FormBuilder()
    for name, value in fields.items():
        form = form.text(name, str(value))
    for name, file in files.items():
        filename, content, *kind = file if isinstance(file, tuple) else (name, file)
        part = PartBuilder.from_bytes(content.read() if hasattr(content, "read") else content)
        form = form.part(name, part.file_name(filename).mime(kind[0] if kind else "application/octet-stream"))
    return form
