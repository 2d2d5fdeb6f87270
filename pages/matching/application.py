"""The application of the pages under `/match`: its routes, headers and style."""

from pathlib import Path

from aiohttp import web

from pages.headers import security_headers, with_headers
from pages.keys import SERVICES
from pages.matching.match_pages import benefits_file, facts_file, form_page, result_page, submit
from pages.rendering import serve_sheet, set_up_templates, sheet_address
from pages.services import PageServices

_FOLDER = Path(__file__).parent
_SHARED = _FOLDER.parent
_HEADERS = {
    # the address holds what a company told
    **security_headers(frame_ancestors="'self'", referrer="no-referrer", cache="no-store"),
    "X-Robots-Tag": "noindex",
}


def make_app(services: PageServices) -> web.Application:
    """Return the application to mount under `/match`. Its pages work without scripts and load nothing from other hosts."""
    app = web.Application(middlewares=[with_headers(_HEADERS, "cut.html")])
    app[SERVICES] = services
    environment = set_up_templates(app, _FOLDER / "templates", _SHARED / "templates")
    environment.globals["style"] = sheet_address("/p/page.css", _SHARED / "static" / "page.css")
    environment.globals["match_style"] = sheet_address("/match/match.css", _FOLDER / "match.css")

    app.router.add_get("", form_page)
    app.router.add_post("", submit)
    app.router.add_get(r"/r/{token:[\w-]{1,4000}}", result_page)
    serve_sheet(app, "/match.css", _FOLDER / "match.css")
    app.router.add_get("/facts.json", facts_file)
    app.router.add_get("/benefits.json", benefits_file)
    return app
