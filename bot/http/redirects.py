"""Redirects for addresses that people type: with a slash too many, `/console` without one, or the host name alone."""

from aiohttp import web


def add_redirects(app: web.Application, *, start: str) -> None:
    """Add the redirects to the page that is meant.

    Args:
        app: the root application.
        start: the path that the host name alone leads to.
    """

    async def to_start(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": start})

    async def to_desk(_request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": "/console/"})

    app.router.add_get("/", to_start)
    app.router.add_get("/console", to_desk)
    app.middlewares.append(
        web.normalize_path_middleware(
            append_slash=False,
            remove_slash=True,
            merge_slashes=False,
            redirect_class=web.HTTPPermanentRedirect,
        )
    )
