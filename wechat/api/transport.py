"""One request to the WeChat API: the JSON object that came back, or which of the three failures it was.

Not wechatpy's transport (requests): it is synchronous, fetches tokens without a timeout, and takes a page of HTML for
success (docs/wechat.md §9.6).
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import certifi
from pydantic_core import from_json
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PoolTimeoutError, PyreqwestError
from pyreqwest.http import Url

from wechat.api.errors import ApiFailure, NoAnswer, NotSent

_KEEPALIVE = timedelta(seconds=15)
"""Shorter than the idle timeout of servers: if a connection closes during a request, the outcome is unknown."""

_CONNECTING = "client error (Connect)"

encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
r"""WeChat shows or refuses \uXXXX escapes (40033), so non-ASCII text is sent unescaped."""

encode_text: Callable[[str], str] = json.encoder.encode_basestring
"""A JSON string of a text alone; faster, because it sets up no encoder."""


def open_http_client(*, connections: int = 256, connect_s: float = 5.0) -> Client:
    """Return the HTTP client of a process; close it at the end (`async with`).

    It uses no proxy, whatever the environment says. It trusts the certificates of the system and those of certifi,
    because a bare machine has none.

    Args:
        connections: the largest number of requests at the same time; further ones wait.
        connect_s: seconds to wait for a free connection of the pool, and again to connect.
    """
    connect = timedelta(seconds=connect_s)
    return (
        ClientBuilder()
        .add_root_certificate_pem(Path(certifi.where()).read_bytes())
        .http1_only()
        .max_connections(connections)
        .pool_max_idle_per_host(connections)
        .pool_idle_timeout(_KEEPALIVE)
        .pool_timeout(connect)
        .connect_timeout(connect)
        .follow_redirects(False)
        .no_proxy()
        .build()
    )


class Transport:
    """Sends requests to the WeChat API and turns failures into the three errors of `wechat.api.errors`.

    Args:
        base: where the API is, without a slash at the end.
        timeout_s: seconds from the first byte sent to the last one received.
    """

    def __init__(self, http: Client, base: str, *, timeout_s: float = 8.0) -> None:
        self.base = base.rstrip("/")
        self._http = http
        self._timeout = timedelta(seconds=timeout_s)

    async def exchange(
        self, path: str, query: Mapping[str, str], *, method: str = "POST", body: bytes | None = None
    ) -> dict[str, Any]:
        """Send one request and return the JSON object that came back, refusals (errcode) included.

        Errors name the path alone: the query holds the access token.

        Raises:
            NotSent: WeChat has not executed it.
            NoAnswer: it left, and no usable answer came.
        """
        try:
            address = _address(self.base + path, tuple(query.items()))
            request = self._http.request(method, address).timeout(self._timeout)
            if body is not None:
                request = request.body_bytes(body).header("Content-Type", "application/json")
            response = await request.build().send()
            answer, status = (await response.bytes()).to_bytes(), response.status
        except ValueError:
            failure: ApiFailure = NotSent(path, "its address is none")
        except PyreqwestError as problem:
            failure = _failure(path, problem)
        else:
            return _json_object(path, status, answer)
        # Raised here, not in the except blocks: the library's errors carry the address with its token.
        raise failure


@lru_cache(64)
def _address(url: str, query: tuple[tuple[str, str], ...]) -> Url:
    """Return a parsed address; cached, because all requests under one token share it."""
    return Url.parse_with_params(url, query) if query else Url.parse(url)


def _failure(path: str, problem: PyreqwestError) -> ApiFailure:
    """NotSent if no connection was made, else NoAnswer.

    ConnectError and ConnectTimeoutError don't tell: the library also raises them when a connection breaks, or stays
    silent, while the answer is awaited. Only the causes of the error tell that no connection was made. In all other
    cases WeChat may have executed the request.
    """
    causes = (problem.details["causes"] or ()) if isinstance(problem, DetailedPyreqwestError) else ()
    connecting = any(cause["message"] == _CONNECTING for cause in causes)
    kind = type(problem).__name__
    if connecting or isinstance(problem, PoolTimeoutError):
        return NotSent(path, f"no connection ({kind})")
    return NoAnswer(path, f"no answer ({kind})")


def _json_object(path: str, status: int, body: bytes) -> dict[str, Any]:
    if status >= 500:
        raise NoAnswer(path, f"HTTP {status}")
    if status >= 300:
        raise NotSent(path, f"HTTP {status}")
    try:
        answer = from_json(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NoAnswer(path, "the answer is not a JSON object")
    return answer


def errcode_of(answer: dict[str, Any]) -> int:
    """Return the errcode of an answer; 0 if there is none, -1 if it is not a number."""
    try:
        return int(answer.get("errcode", 0))
    except (TypeError, ValueError, OverflowError):
        return -1
