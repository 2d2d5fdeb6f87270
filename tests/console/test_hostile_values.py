"""Whatever stands in an address, a query, a form or a body: no route answers that it failed itself."""

import re
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import func, select

from console.api.routes import ENDPOINTS
from console.routes import ROUTES
from console.tables import AuditEntry
from storage.sql.database import Database
from tests.bot.patterns import ROOT
from tests.console.api.test_api import Client, api, bearer, keys  # noqa: F401 - fixtures
from tests.console.conftest import csrf_of, sign_in
from tests.console.hostile_desk import PAGES, concrete, furnish

VALUES = (
    "0",
    "-1",
    "9" * 10,
    str(2**31),
    str(2**63),
    "9" * 40,
    "１２",
    "٣",
    "²",
    "1e400",
    "NaN",
    "0001-01",
    "9999-12",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "-0001-01",
    "\x00",
    "a\x00b",
    "\ud800",
    "\ufffe",
    "'; --",
    "%",
    "甲" * 40,
    "{" * 100,
    "../../etc/passwd",
    "1\r\nX: y",
)
ENDLESS = "9" * 5000
"""More digits than Python makes a number of."""
PATH_VALUES = (
    "0",
    "999999999",
    "9999999999",
    str(2**63),
    "9" * 3000,
    "１２",
    "-1",
    "a",
    "%00",
    "%ff",
    "..%2f",
)
_ASKED = re.compile(r'query(?:\.get|\.getall)?[(\[]"(\w+)"')
_NAMED = re.compile(r'name="(\w+)"')


def query_names() -> list[str]:
    """Every name that a page of the desk reads from its query."""
    sources = (ROOT / "console").rglob("*.py")
    found = set(chain.from_iterable(_ASKED.findall(source.read_text()) for source in sources))
    return sorted(found | {"q", "section", "department"})


def form_names() -> list[str]:
    """Every name of a field in the desk's forms."""
    templates = Path(ROOT / "console" / "templates").rglob("*.html")
    found = set(chain.from_iterable(_NAMED.findall(template.read_text()) for template in templates))
    return sorted(found - {"csrf", "once", "viewport", "password"})


def encodable(value: str) -> str:
    """As a browser could send it: a lone surrogate goes out as the bytes it would be."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


async def asked(client: Any, method: str, path: str, **more: Any) -> int:
    """The status; the event stream of a campaign is not waited for."""
    async with client.request(method, path, allow_redirects=False, **more) as answer:
        if answer.content_type != "text/event-stream":
            await answer.read()
        return int(answer.status)


GETS = [route for route in ROUTES if route.method == "GET"]
POSTS = [route for route in ROUTES if route.method == "POST" and route.path != "/sign-out"]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The path of each request whose query somebody looks at."""
    seen: list[str] = []
    query = web.BaseRequest.query

    def look(request: web.BaseRequest) -> Any:
        seen.append(request.path)
        return query.__get__(request, type(request))

    monkeypatch.setattr(web.BaseRequest, "query", property(look))
    return seen


async def test_no_query_makes_a_page_fail(desk: Any, sqlite_database: Database, looks: list[str]) -> None:
    """A page that does not look at its query is asked once."""
    names = query_names()
    assert {"before", "after", "month"} <= set(names)
    await furnish(sqlite_database)
    client = await desk()
    await sign_in(client, "admin")
    failed = []
    for route in GETS:
        path = concrete(route, "22" if route.path.startswith("/policies/{id") else "1")
        for value in (ENDLESS, *VALUES):
            status = await asked(client, "GET", path, params=dict.fromkeys(names, encodable(value)))
            if status >= 500:
                failed.append((path, value[:40]))
            if path not in looks:
                break
    assert failed == []
    assert "/console/campaigns" in looks


DATES = ("0001-01-01", "1899-12-31", "9999-12-31", "2026-02-30", "２０２６-03-02", "20260302", "2026-W10-1")


@pytest.mark.parametrize("field", ["opens_on", "closes_on"])
async def test_no_date_of_a_window_makes_a_page_fail(
    desk: Any, sqlite_database: Database, field: str
) -> None:
    """What the form took must be shown by every page that shows windows."""
    await furnish(sqlite_database)
    client = await desk()
    await sign_in(client, "admin")
    failed = []
    for value in DATES:
        token = await csrf_of(client, "/console/sign-in")
        row = {
            "policy_id": "22",
            "opens_on": "2026-03-02",
            "closes_on": "2026-03-09",
            "title": value,
            "url": "",
        }
        status = await asked(client, "POST", "/console/windows", data=row | {field: value, "csrf": token})
        pages = [
            await asked(client, "GET", f"/console{path}") for path in ("/", "/windows", "/windows/export.csv")
        ]
        if max(status, *pages) >= 500:
            failed.append((value, status, pages))
    assert failed == []


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "2026-03-02T00:00+14:00", "now"])
async def test_no_time_of_a_broadcast_makes_the_desk_fail(desk: Any, moment: str) -> None:
    client = await desk()
    await sign_in(client, "editor")
    token = await csrf_of(client, "/console/sign-in")
    typed = {"title": "公告", "body": "请看", "channel": "auto", "audience": "everyone", "send_at": moment}
    assert await asked(client, "POST", "/console/broadcasts/new", data=typed | {"csrf": token}) in {
        302,
        303,
        422,
    }
    assert await asked(client, "GET", "/console/broadcasts") == 200


class Forms(HTMLParser):
    """The forms of a page that post: their action, their fields as a browser would send them, their choices."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], set[str]]] = []
        self._in_form, self._select = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in_form = has.get("method") == "post"
            if self._in_form:
                self.found.append((has.get("action", ""), {}, set()))
        if not self._in_form:
            return
        _, fields, choices = self.found[-1]
        name, kind = has.get("name", ""), has.get("type", "text")
        if tag == "select":
            self._select = name
            choices.add(name)
        elif tag == "option" and (has["value"] or self._select not in fields):
            fields.setdefault(self._select, "")
            if "selected" in has or not fields[self._select]:
                fields[self._select] = has["value"]
        elif tag == "input" and kind == "radio":
            choices.add(name)
            fields[name] = has["value"]
        elif tag == "textarea":
            fields[name] = "甲乙"
        elif tag == "input" and name and kind not in {"checkbox", "file"}:
            filled = has.get("value") or _TYPED.get(name) or _TYPED.get(kind, "甲乙")
            fields[name] = filled

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False


_TYPED = {
    "url": "https://apply.example/1",
    "date": "2099-01-01",
    "datetime-local": "",
    "number": "1",
    "closes_on": "2099-02-01",
}


async def test_no_choice_outside_its_list_is_kept(desk: Any, sqlite_database: Database) -> None:
    """Each select and radio of each form, with a value that it does not offer."""
    await furnish(sqlite_database)
    client = await desk()
    await sign_in(client, "admin")
    await _write_a_broadcast(client)
    tried, failed = set(), []
    for page in PAGES:
        async with client.get(page) as answer:
            shown = Forms()
            shown.feed(await answer.text())
        for action, fields, choices in shown.found:
            for name in choices:
                before = await _kept(sqlite_database)
                data = fields | {name: "zz", "confirmed": "yes"}
                status = await asked(client, "POST", action or page, data=data)
                tried.add(name)
                if status >= 500 or await _kept(sqlite_database) != before:
                    failed.append((page, action, name, status))
    assert {"channel", "audience", "policy_id", "role"} <= tried
    assert failed == []


async def _write_a_broadcast(client: Any) -> None:
    token = await csrf_of(client, "/console/broadcasts/new")
    typed = {"title": "公告", "body": "请看", "channel": "auto", "audience": "everyone", "csrf": token}
    assert await asked(client, "POST", "/console/broadcasts/new", data=typed) in {302, 303}


async def _kept(database: Database) -> int:
    """Every step that changes something has an entry in the audit log."""
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(AuditEntry)) or 0


async def test_no_number_in_an_address_makes_a_page_fail(desk: Any) -> None:
    client = await desk()
    await sign_in(client, "admin")
    failed = []
    for route in (route for route in GETS if "{" in route.path):
        for value in PATH_VALUES:
            path = re.sub(r"\{\w+:[^/]*?\}\}|\{\w+(?::[^}]*)?\}", lambda _, value=value: value, route.path)
            if await asked(client, "GET", f"/console{path}") >= 500:
                failed.append((route.path, value[:20]))
    assert failed == []


async def test_no_field_makes_a_form_fail(desk: Any, sqlite_database: Database) -> None:
    await furnish(sqlite_database)
    client = await desk()
    names = form_names()
    forms = [dict.fromkeys(names, encodable(value)) for value in VALUES]
    forms.append(dict.fromkeys(names, ENDLESS))
    failed = []
    for route in POSTS:
        path = concrete(route, "22" if route.path.startswith("/policies/{id") else "999999")
        await sign_in(client, "admin")  # anew, for a form may have ended the session
        token = await csrf_of(client, "/console/sign-in")
        statuses = [
            await asked(client, "POST", path, data=fields | {"csrf": token, "confirmed": "yes"})
            for fields in forms
        ]
        failed += [
            (path, str(form)[:40]) for form, status in zip(forms, statuses, strict=True) if status >= 500
        ]
        assert statuses.count(403) < len(forms), path
    assert failed == []


DEEP = "[" * 100_000
BODIES = {
    "deep": DEEP,
    "deep in a field": '{"title": ' + DEEP,
    "deep objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "a huge number": '{"title": "a", "body": "b", "audience": {"all": true}, "send_at": ' + "9" * 5000 + "}",
    "a huge number alone": "9" * 5000,
    "a lone surrogate": '{"title": "\\ud800", "body": "b", "audience": {"all": true}}',
    "a NUL": '{"title": "\\u0000", "body": "b", "audience": {"all": true}}',
    "NaN": '{"title": NaN}',
    "twice": '{"title": "a", "title": "b"}',
    "not UTF-8": b'{"title": "\xff"}',
    "nothing": "",
    "null": "null",
}
MOMENTS = (
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "9999-12-31T20:00:00Z"),
    *(
        "1969-12-31T00:00:00Z",
        "2026-03-02T00:00:00+23:59",
        "-271821-04-20T00:00:00Z",
        "+275760-09-13T00:00:00Z",
    ),
)


def described(send_at: str) -> dict[str, Any]:
    return {"title": "公告", "body": "请看", "audience": {"all": True}, "send_at": send_at}


async def test_no_body_makes_the_api_fail(api: Client, keys: dict[str, str]) -> None:  # noqa: F811
    failed = []
    for endpoint in ENDPOINTS:
        path = "/api/v1" + endpoint.path.replace("{id}", "999999")
        for name, body in BODIES.items() if endpoint.takes else ():
            headers = bearer(keys["admin"], Idempotency_Key=name.replace(" ", "-"))
            headers["Content-Type"] = "application/json"
            sent = BytesIO(body if isinstance(body, bytes) else body.encode())
            status = await asked(api, endpoint.method, path, data=sent, headers=headers)
            if status >= 500:
                failed.append((path, name, status))
    for moment in MOMENTS:
        headers = bearer(keys["admin"], Idempotency_Key=f"at{moment}")
        status = await asked(api, "POST", "/api/v1/broadcasts", json=described(moment), headers=headers)
        if status >= 500:
            failed.append(("send_at", moment, status))
    for step in ("submit", "approve", "pause", "resume", "cancel", ""):
        method = "POST" if step else "GET"
        for number in range(1, 12):
            path = f"/api/v1/broadcasts/{number}/{step}".rstrip("/")
            if await asked(api, method, path, headers=bearer(keys["second"])) >= 500:
                failed.append((path, "", 500))
    assert failed == []


async def test_no_query_and_no_number_makes_the_api_fail(api: Client, keys: dict[str, str]) -> None:  # noqa: F811
    failed = []
    for endpoint in ENDPOINTS:
        headers = bearer(keys["admin"], Idempotency_Key="k")
        for value in PATH_VALUES if "{id}" in endpoint.path else ():
            path = "/api/v1" + endpoint.path.replace("{id}", value)
            if await asked(api, endpoint.method, path, headers=headers) >= 500:
                failed.append((path[:60], ""))
        for value in (*VALUES, "9" * 2000) if endpoint.query else ():
            path = "/api/v1" + endpoint.path.replace("{id}", "1")
            query = dict.fromkeys(("after", "limit", "state"), encodable(value))
            if await asked(api, endpoint.method, path, params=query, headers=headers) >= 500:
                failed.append((path, value[:20]))
    assert failed == []
