"""Whose address a request has: the proxies' word is taken from trusted ones alone, from the right."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.http.proxies import trust_proxies

NEAR, FAR, CLIENT, LIE = "10.0.0.1", "10.0.0.2", "203.0.113.9", "198.51.100.1"


async def seen(peer: str, trusted: list[str], *lines: tuple[str, str]) -> tuple[str | None, str]:
    """Address and scheme of a request from `peer` with these header lines, as a handler sees them."""
    request = make_mocked_request("GET", "/", CIMultiDict(lines)).clone(remote=peer)
    found: list[tuple[str | None, str]] = []

    async def handler(request: web.Request) -> web.Response:
        found.append((request.remote, request.scheme))
        return web.Response()

    await trust_proxies(trusted)(request, handler)
    return found[0]


@pytest.mark.parametrize(
    ("peer", "lines", "client"),
    [
        (NEAR, [CLIENT], CLIENT),
        (NEAR, [f"{LIE}, {CLIENT}"], CLIENT),
        (NEAR, [f"{LIE},{CLIENT} , {FAR}"], CLIENT),
        (NEAR, [LIE, CLIENT], CLIENT),  # a proxy that adds a line of its own
        (NEAR, [f"{LIE}, {CLIENT}", FAR], CLIENT),
        (NEAR, [LIE, f"{CLIENT}, {FAR}"], CLIENT),
        (NEAR, [FAR], FAR),  # of this network throughout: the farthest
        (NEAR, [], NEAR),
        (NEAR, [""], NEAR),
        (NEAR, [f"{LIE}, unknown"], NEAR),
        (NEAR, [f"{LIE}, unknown, {FAR}"], FAR),
        (NEAR, [f"{CLIENT}:4711"], CLIENT),
        (NEAR, ["[2001:db8::7]:4711"], "2001:db8::7"),
        (NEAR, ["2001:DB8::7"], "2001:db8::7"),
        (NEAR, [f"::ffff:{CLIENT}"], CLIENT),
        (f"::ffff:{NEAR}", [CLIENT], CLIENT),
        (CLIENT, [LIE], CLIENT),  # nobody's proxy
        ("", [LIE], ""),
    ],
)
async def test_the_last_address_that_is_no_trusted_proxys_is_the_clients(
    peer: str, lines: list[str], client: str
) -> None:
    headers = [("X-Forwarded-For", line) for line in lines]
    assert (await seen(peer, ["10.0.0.0/8"], *headers))[0] == client


async def test_only_what_is_listed_is_trusted() -> None:
    chain = ("X-Forwarded-For", f"{LIE}, {CLIENT}, {FAR}")
    assert (await seen(NEAR, [NEAR], chain))[0] == FAR
    assert (await seen(NEAR, [NEAR, FAR], chain))[0] == CLIENT
    assert (await seen(NEAR, ["2001:db8::/32"], chain))[0] == NEAR


@pytest.mark.parametrize(
    ("peer", "lines", "scheme"),
    [
        (NEAR, ["https"], "https"),
        (NEAR, ["HTTPS"], "https"),
        (NEAR, ["https", "http"], "http"),
        (NEAR, ["http, https"], "https"),
        (NEAR, ["javascript"], "http"),
        (NEAR, [], "http"),
        (CLIENT, ["https"], "http"),
    ],
)
async def test_the_scheme_is_the_nearest_proxys_word(peer: str, lines: list[str], scheme: str) -> None:
    headers = [("X-Forwarded-Proto", line) for line in lines]
    assert (await seen(peer, [NEAR], *headers))[1] == scheme


def test_what_is_neither_an_address_nor_a_network_is_refused() -> None:
    with pytest.raises(ValueError, match="everyone"):
        trust_proxies(["everyone"])
