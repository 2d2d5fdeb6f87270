"""Paths for operators' programs alone: `/metrics`, `/readyz`, `/servez`. To the public side they do not exist."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

INSIDE = frozenset({"/metrics", "/readyz", "/servez"})
_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host")
"""Headers that a proxy adds to what it passes on. A scraper or a balancer that asks by itself sends none."""


def inside_only(public_host: str) -> Middleware:
    """Return a middleware that answers 404 if somebody outside asks for a path of `INSIDE`.

    A request is from outside if a proxy passed it on, if it names the public host, or if its sender has a public
    address. So the person who runs the bot need not close these paths at the proxy.

    Args:
        public_host: the host in links of messages; "" if that is only this machine.
    """

    @web.middleware
    async def inside(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in INSIDE and _is_from_outside(request, public_host):
            raise web.HTTPNotFound
        return await handler(request)

    return inside


def _is_from_outside(request: web.Request, public_host: str) -> bool:
    if any(header in request.headers for header in _FORWARDED):
        return True
    try:
        if public_host and (urlsplit(f"//{request.host}").hostname or "") == public_host:
            return True
    except ValueError:  # no host at all: `Host: [`
        return True
    try:
        return ip_address(request.remote or "").is_global
    except ValueError:  # a Unix socket
        return False
