"""The form, the result of told facts, and a few more questions under it. Nothing is kept."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import aiohttp_jinja2
from aiohttp import web

from pages.keys import SERVICES
from pages.matching.fields import field_of, groups_of, told_in_form
from policies.company_facts.fact_links import BadFactLinkError
from policies.company_facts.result_view import view_of
from policies.company_facts.wording import CARE
from policies.matching.as_json import benefit_as_json, fact_as_json
from policies.matching.conditions import ToldFacts, Value


async def form_page(request: web.Request) -> web.Response:
    """Show the form, empty or with the facts of a link."""
    told = _linked(request, request.query["f"]) if "f" in request.query else {}
    return _form(request, told)


async def submit(request: web.Request) -> web.StreamResponse:
    """Read the form; the result has an address of its own, so it can be opened again and shared."""
    services = request.app[SERVICES]
    form = await request.post()
    linked = str(form.get("f", ""))
    before = _linked(request, linked) if linked else {}
    told, wrong = told_in_form(form, services.matching.facts)
    read: dict[str, Value] = {**before, **told}
    text = str(form.get("story", "")).strip()
    if text:
        read = {**services.matching.read(text).facts, **read}
    if wrong:
        return _form(request, read, wrong)
    if not read:
        return _form(request, {}, ["还没有填写。填几项就能看结果，其他的可以空着。"])
    raise web.HTTPSeeOther(f"/match/r/{services.fact_links.token(read)}")


async def result_page(request: web.Request) -> web.Response:
    """Show the result of the facts in the address.

    Raises:
        web.HTTPNotFound: the address was not made by us, or is cut.
    """
    services = request.app[SERVICES]
    token = request.match_info["token"]
    told = _linked(request, token)
    windows = await services.windows.recent()
    view = view_of(
        told, services.matching.catalogue, services.knowledge.index.library, windows, services.today()
    )
    page = {
        "view": view,
        "token": token,
        "care": CARE,
        "today": services.today(),
        "more": [field_of(services.matching.fact(fact), told) for fact in view.ask_next],
        "address": services.fact_links.page(told),
    }
    return aiohttp_jinja2.render_template("result.html", request, page)


async def facts_file(request: web.Request) -> web.Response:
    """Send the facts that a company can tell, as open data."""
    facts = request.app[SERVICES].matching.facts.all
    return _open_data({"facts": [fact_as_json(fact) for fact in facts]})


async def benefits_file(request: web.Request) -> web.Response:
    """Send what the published clauses offer, as open data."""
    services = request.app[SERVICES]
    library = services.knowledge.index.library
    benefits = services.matching.catalogue.benefits
    published = [benefit_as_json(one) for one in benefits if library.get(one.clause) is not None]
    return _open_data({"benefits": published})


def _open_data(data: dict[str, Any]) -> web.Response:
    response = web.json_response(data, dumps=partial(json.dumps, ensure_ascii=False))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _form(request: web.Request, told: ToldFacts, wrong: Sequence[str] = ()) -> web.Response:
    matching = request.app[SERVICES].matching
    page = {
        "groups": groups_of(matching.catalogue, matching.plan, told),
        "wrong": wrong,
        "story": matching.plan.story,
    }
    return aiohttp_jinja2.render_template("form.html", request, page, status=422 if wrong else 200)


def _linked(request: web.Request, token: str) -> dict[str, Value]:
    services = request.app[SERVICES]
    try:
        return services.fact_links.read(token, services.matching.facts)
    except BadFactLinkError:
        raise web.HTTPNotFound from None
