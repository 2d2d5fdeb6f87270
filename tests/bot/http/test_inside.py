"""Paths for operators' programs do not exist for the public side."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.http.inside import INSIDE, inside_only

PUBLIC = "bot.example.gov.cn"


async def _status(path: str, headers: dict[str, str], public_host: str = PUBLIC) -> int:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application(middlewares=[inside_only(public_host)])
    app.add_routes([web.get(each, answer) for each in (*INSIDE, "/healthz")])
    async with TestClient(TestServer(app)) as client, client.get(path, headers=headers) as response:
        return response.status


@pytest.mark.parametrize("path", sorted(INSIDE))
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "203.0.113.9"}, 404),
        ({"Forwarded": "for=203.0.113.9"}, 404),
        ({"X-Real-IP": "10.0.0.9"}, 404),
        ({"Host": "bot.example.gov.cn"}, 404),
        ({"Host": "bot.example.gov.cn:443"}, 404),
        ({"Host": "["}, 404),
        ({"Host": "web.policybot.svc:8080"}, 200),
    ],
)
async def test_only_who_asks_from_inside_gets_an_answer(
    path: str, headers: dict[str, str], status: int
) -> None:
    assert await _status(path, headers) == status


async def test_other_paths_are_answered_and_a_loopback_host_is_no_public_one() -> None:
    assert await _status("/healthz", {"X-Forwarded-For": "203.0.113.9"}) == 200
    assert await _status("/metrics", {}, "") == 200
