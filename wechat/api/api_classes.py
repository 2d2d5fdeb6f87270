"""wechatpy's API classes (`tag`, `draft`, `media`, …), made awaitable over our calls (docs/wechat.md §9.8).

They only build requests: with a `_request` that can be awaited, each of their methods gives an awaitable. Don't use those
that read an answer before it has come: `iter_followers`, `iter_tag_users`, `jsapi.get_jsapi_ticket`,
`media.get_url`, `qrcode.show`.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import wechatpy
from pyreqwest.multipart import FormBuilder, PartBuilder

from wechat.api.transport import OFFICIAL_API, Body, encode_json

_CGI = "/cgi-bin/"


class ApiClasses(wechatpy.WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """The API classes of wechatpy (`tag`, `draft`, `media`, …). Await each method; it raises like `WeChatClient`."""

    def __init__(self, app_id: str, call: Callable[..., Awaitable[dict[str, Any]]]) -> None:
        """`call` is `ApiCalls.call`. It is passed in, so that this module need not import the one that imports it."""
        # wechatpy's own __init__ would open a requests.Session; its __new__ has bound the API classes.
        self.appid = app_id
        self._call = call

    @property
    def access_token(self) -> str:
        """There is none: each call gets the token itself. wechatpy reads this property before `__init__`.

        Raises:
            AttributeError: always.
        """
        raise AttributeError("access_token")

    async def _request(self, method: str, url_or_endpoint: str, **request: Any) -> Any:
        """The method that wechatpy's API classes call (docs/wechat.md §9.8)."""
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
