"""The application of the pages under `/p`: its routes, its headers, its static files."""

from pathlib import Path

from aiohttp import web

from pages.alerts.alert_page import alert_page, applied, not_applied
from pages.clauses.clause_page import clause_page
from pages.clauses.search_page import search_page
from pages.headers import security_headers, with_headers
from pages.keys import SERVICES
from pages.rendering import set_up_templates, sheet_version
from pages.services import PageServices
from pages.windows.open_page import calendar, feed, open_page

_FOLDER = Path(__file__).parent
_DAY = 24 * 3600
_YEAR = 365 * _DAY
_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
_HEADERS = security_headers(frame_ancestors="'self'", referrer="same-origin", cache="no-cache")


def make_app(services: PageServices) -> web.Application:
    """Return the application to mount under `/p`. Its pages load nothing from other hosts."""
    app = web.Application(middlewares=[with_headers(_HEADERS, "missing.html")])
    app[SERVICES] = services
    static = {path.name: path.read_bytes() for path in (_FOLDER / "static").iterdir()}
    version = sheet_version(_FOLDER / "static" / "page.css")
    environment = set_up_templates(app, _FOLDER / "templates")
    environment.globals["style"] = f"/p/page.css?v={version}"

    async def file(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        response = web.Response(body=static[name], content_type=_TYPES[Path(name).suffix], charset="utf-8")
        seconds = _YEAR if request.query.get("v") == version else _DAY
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
        return response

    app.router.add_get("", search_page)
    app.router.add_get("/{name:page\\.css|icon\\.svg}", file)
    app.router.add_get("/open", open_page)
    app.router.add_get("/open.ics", calendar)
    app.router.add_get("/open.rss", feed)
    app.router.add_get(r"/{id:[0-9]{1,9}}", clause_page)
    app.router.add_get("/a/{token}", alert_page)
    app.router.add_post("/a/{token}/applied", applied)
    app.router.add_post("/a/{token}/not-applied", not_applied)
    return app
