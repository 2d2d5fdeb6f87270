"""The application of the member's page under `/me`: its routes and headers."""

from pathlib import Path

from aiohttp import web

from pages.headers import security_headers, with_headers
from pages.keys import SERVICES
from pages.member import company_page
from pages.member.choices_page import data, save, show
from pages.member.entering import enter_by_link, signed_in
from pages.member.keys import SIGN_IN
from pages.member.sign_in import SignIn
from pages.rendering import serve_sheet, set_up_templates, sheet_address
from pages.services import PageServices

_FOLDER = Path(__file__).parent
_PAGES = _FOLDER.parent
_HEADERS = security_headers(frame_ancestors="'none'", referrer="no-referrer", cache="no-store")
"""Nobody else may see a member's data: no frame, no address, no copy in a cache."""


def make_app(services: PageServices, sign_in: SignIn | None = None) -> web.Application:
    """Return the application to mount under `/me`. Its page works without scripts and loads nothing from other hosts.

    Args:
        services: what the page may call.
        sign_in: WeChat's web sign-in; None: the account may not use it.
    """
    app = web.Application(middlewares=[with_headers(_HEADERS)])
    app[SERVICES] = services
    app[SIGN_IN] = sign_in
    environment = set_up_templates(app, _FOLDER / "templates", _PAGES / "matching" / "templates")
    environment.globals["page_style"] = sheet_address("/p/page.css", _PAGES / "static" / "page.css")
    environment.globals["match_style"] = sheet_address("/match/match.css", _PAGES / "matching" / "match.css")
    environment.globals["style"] = sheet_address("/me/me.css", _FOLDER / "me.css")

    app.router.add_get("", show, allow_head=False)
    app.router.add_post("", save)
    app.router.add_post("/enter", enter_by_link)
    app.router.add_get("/signed-in", signed_in, allow_head=False)
    app.router.add_get("/company", company_page.show, allow_head=False)
    app.router.add_post("/company", company_page.change)
    app.router.add_get("/data.json", data, allow_head=False)
    serve_sheet(app, "/me.css", _FOLDER / "me.css")
    return app
