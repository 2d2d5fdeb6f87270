"""Who may reach the sandbox: a browser that names a known host. Another site's page never may."""

from collections.abc import Awaitable, Callable

from aiohttp import web

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
LARGEST_BODY = 12 << 20
"""A picture or a video to be uploaded; from this machine alone."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def may_pass(request: web.Request, hosts: frozenset[str]) -> bool:
    """Whether a request comes from here.

    The Host must be a known name (a foreign name that resolves to this machine is refused), and a browser's
    request must not come from another site. A link that leads to the page from elsewhere is let through.
    """
    host = request.host
    if _name(host) not in hosts:
        return False
    headers = request.headers
    origin = headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != host:
        return False
    site = headers.get("Sec-Fetch-Site", "none")
    return site in {"none", "same-origin"} or (
        headers.get("Sec-Fetch-Mode") == "navigate" and request.method == "GET"
    )


def came_through_proxy(request: web.Request) -> bool:
    """Whether a proxy says that it passed the request on: then it may come from anywhere, whatever its Host."""
    return any(
        name in {"forwarded", "via", "x-real-ip"} or name.startswith("x-forwarded-")
        for name in map(str.lower, request.headers)
    )


def guarded(hosts: frozenset[str], handler: Handler, *, behind_proxy: bool) -> Handler:
    """Return a handler behind the gate. A person who may not pass gets 403. A request through a proxy gets 404,
    unless that is wanted.
    """

    async def guard(request: web.Request) -> web.StreamResponse:
        if not behind_proxy and came_through_proxy(request):
            raise web.HTTPNotFound
        if not may_pass(request, hosts):
            raise web.HTTPForbidden(text="This sandbox answers only to its own page on this machine.")
        return await handler(request.clone(client_max_size=LARGEST_BODY))

    return guard


def _name(host: str) -> str:
    """Return a Host header without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
