"""The security headers of public pages: they load nothing from other hosts and run no script."""

from collections.abc import Mapping

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


def security_headers(*, frame_ancestors: str, referrer: str, cache: str) -> dict[str, str]:
    """Return the headers of one application's pages.

    Args:
        frame_ancestors: who may show a page in a frame (`'self'`, `'none'`).
        referrer: the value of Referrer-Policy.
        cache: the value of Cache-Control, if a response sets none itself.
    """
    return {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            f"base-uri 'none'; frame-ancestors {frame_ancestors}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": referrer,
        "Cache-Control": cache,
    }


def with_headers(headers: Mapping[str, str], missing: str = "") -> Middleware:
    """Return a middleware that sets headers which a response does not set itself, also on a redirection.

    Args:
        headers: the headers.
        missing: the template of the page for an unknown address; "": aiohttp's own answer.
    """

    @web.middleware
    async def set_headers(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPRedirection as redirection:
            _set(redirection, headers)
            raise
        except web.HTTPNotFound:
            if not missing:
                raise
            response = aiohttp_jinja2.render_template(missing, request, {}, status=404)
        _set(response, headers)
        return response

    return set_headers


def _set(response: web.StreamResponse | web.HTTPException, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
