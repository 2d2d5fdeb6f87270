"""One exchange with the WeChat API: what came back, or which of the three failures it was."""

import json
from collections.abc import Callable
from typing import Any

import aiohttp
from yarl import URL

from wechat.errors import ApiFailure, NoAnswer, NotSent

OFFICIAL_API = "https://api.weixin.qq.com"

_KEEPALIVE_S = 15
"""Below the idle time-out of servers: a connection that closes under a request leaves its fate unknown."""

_NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)

encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
r"""WeChat shows or refuses \uXXXX escapes (40033): non-ASCII goes out as it is."""

encode_text: Callable[[str], str] = json.encoder.encode_basestring
"""The same for a text alone, without an encoder's set-up."""


def open_http_session(*, connections: int = 256) -> aiohttp.ClientSession:
    """The process's one HTTP session; to be opened inside the running loop and closed at the end.

    Args:
        connections: how many requests are under way at once at most; the rest wait their turn.
    """
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=_KEEPALIVE_S, ttl_dns_cache=60)
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), skip_auto_headers=("User-Agent",)
    )


class Transport:
    """Posts to the WeChat API and sorts what can go wrong.

    Args:
        base: where the API is, without a slash at the end.
        timeout_s: from the first byte sent to the last one received.
    """

    def __init__(
        self, http: aiohttp.ClientSession, base: str = OFFICIAL_API, *, timeout_s: float = 8.0
    ) -> None:
        self.base = base.rstrip("/")
        self._http = http
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=min(timeout_s, 5.0))

    async def exchange(
        self, api: str, url: URL, *, method: str = "POST", data: bytes | aiohttp.FormData | None = None
    ) -> dict[str, Any]:
        """Send one request and return the JSON object that came back, refusals (errcode) included.

        `api` is the path, for the messages of errors: `url` holds the access token.

        Raises:
            NotSent: WeChat surely did not see it.
            NoAnswer: it left, and nothing usable came back.
        """
        try:
            async with self._http.request(
                method, url, data=data, timeout=self._timeout, allow_redirects=False
            ) as response:
                body, status = await response.read(), response.status
        except _NOT_CONNECTED as problem:
            failure: ApiFailure = NotSent(api, f"no connection ({type(problem).__name__})")
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            failure = NoAnswer(api, f"no answer ({type(problem).__name__})")
        else:
            return _json_object(api, status, body)
        # Raised here, not in the except blocks: aiohttp's errors carry the address with its token.
        raise failure


def _json_object(api: str, status: int, body: bytes) -> dict[str, Any]:
    if status >= 500:
        raise NoAnswer(api, f"HTTP {status}")
    if status >= 300:
        raise NotSent(api, f"HTTP {status}")
    try:
        answer = json.loads(body.decode())
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NoAnswer(api, "the answer is not a JSON object")
    return answer


def errcode_of(answer: dict[str, Any]) -> int:
    """The answer's errcode; 0 where there is none, -1 where it is not a number."""
    try:
        return int(answer.get("errcode", 0))
    except (TypeError, ValueError):
        return -1
