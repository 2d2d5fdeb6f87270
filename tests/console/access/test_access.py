"""Who gets in, who doesn't, and what ends a session."""

import pytest

from console.access.operators import Operators, signed_in
from console.access.roles import Role, Route
from console.access.signing_in import COOKIE, SIGN_IN_COOKIE
from console.routes import ROUTES
from storage.sql.database import Database
from tests.console.conftest import PASSWORD, csrf_of, sign_in
from tests.console.hostile_desk import HOSTILE, PAGES, concrete, furnish

SIGN_OUT = next(route for route in ROUTES if route.path == "/sign-out")


async def asked(client, route: Route, token: str) -> tuple[int, str]:
    """The status and, where one is led elsewhere, where to; a form has the session's token."""
    path = concrete(route, "999999")
    data = None
    if route.method == "POST":
        data = {"csrf": token, "content": "在吗", "to": "o_x", "confirmed": "yes"}
    answer = await client.request(route.method, path, data=data, allow_redirects=False)
    return answer.status, answer.headers.get("Location", "")


async def test_an_operator_signs_in_and_out(desk) -> None:
    client = await desk()
    assert await sign_in(client, "admin") == 200
    page = await (await client.get("/console/accounts")).text()
    assert "admin（管理员）" in page
    await client.post("/console/sign-out", data={"csrf": await csrf_of(client, "/console/accounts")})
    assert "登录" in await (await client.get("/console/accounts")).text()


@pytest.mark.parametrize(("name", "password"), [("admin", "wrong password"), ("nobody", PASSWORD), ("", "")])
async def test_a_wrong_pair_is_refused_with_one_sentence_for_all(desk, name: str, password: str) -> None:
    client = await desk()
    assert await sign_in(client, name, password) == 401


async def test_signing_in_changes_the_session_id(desk) -> None:
    client = await desk()
    sessions = []
    for name in ("viewer", "editor"):
        await sign_in(client, name)
        cookies = client.session.cookie_jar.filter_cookies(client.make_url("/console/"))
        sessions.append(cookies[COOKIE].value)
    assert sessions[0] != sessions[1]


async def test_the_session_cookie_is_kept_from_scripts_and_other_sites(desk) -> None:
    client = await desk()
    token = await csrf_of(client, "/console/sign-in")
    data = {"csrf": token, "name": "viewer", "password": PASSWORD}
    answer = await client.post("/console/sign-in", data=data, allow_redirects=False)
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/console"} <= set(cookie.split("; "))


async def test_six_wrong_passwords_close_the_door_for_a_while(desk) -> None:
    client = await desk()
    assert [await sign_in(client, "editor", "wrong") for _ in range(6)] == [401] * 5 + [429]
    assert await sign_in(client, "editor") == 429
    assert await sign_in(client, "viewer") != 429


async def test_no_form_is_taken_without_its_token(desk) -> None:
    client = await desk()
    await sign_in(client, "admin")
    for route in ROUTES:
        if route.method == "POST":
            path = concrete(route, "1")
            answer = await client.post(path, data={"csrf": "guessed"}, allow_redirects=False)
            assert answer.status == 403, path


async def test_a_number_in_an_address_is_written_in_ascii_digits(desk, sqlite_database: Database) -> None:
    client = await desk()
    await sign_in(client, "admin")
    await furnish(sqlite_database)
    for route in ROUTES:
        if route.method == "GET" and "{id:" in route.path:
            for digits in ("\uff11", "\u0661"):
                answer = await client.get(concrete(route, digits), allow_redirects=False)
                assert answer.status == 404, concrete(route, digits)


@pytest.mark.parametrize("role", [None, *Role], ids=str)
async def test_a_route_opens_to_its_role_and_those_above(desk, role: Role | None) -> None:
    client = await desk()
    if role is not None:
        await sign_in(client, role.value)
    token = await csrf_of(client, "/console/sign-in")
    for route in sorted(ROUTES, key=lambda one: one is SIGN_OUT):
        status, location = await asked(client, route, token)
        allowed = route.role is None or (role is not None and role.may(route.role))
        name = f"{route.method} {route.path}"
        if allowed:
            assert status != 403, name
            assert route.role is None or location != "/console/sign-in" or route is SIGN_OUT, name
        elif role is None:
            assert (status, location.partition("?")[0]) == (303, "/console/sign-in"), name
        else:
            assert status == 403, name


async def test_a_closed_account_is_out_at_once(desk, operators: Operators) -> None:
    client = await desk()
    await sign_in(client, "editor")
    accounts = {account.name: account.id for account in await operators.all()}
    admin = signed_in(await operators.one(accounts["admin"]))
    await operators.change(accounts["editor"], role=Role.EDITOR, active=False, actor=admin)
    answer = await client.get("/console/accounts", allow_redirects=False)
    assert answer.headers["Location"].startswith("/console/sign-in")


async def test_every_page_forbids_inline_script_and_foreign_sources(desk) -> None:
    client = await desk()
    for path in ("/console/sign-in", "/console/nothing-here"):
        policy = (await client.get(path)).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


async def test_what_people_outside_wrote_is_text_on_every_page(desk, sqlite_database: Database) -> None:
    await furnish(sqlite_database)
    client = await desk()
    await sign_in(client, "admin")
    shown = 0
    for path in PAGES:
        answer = await client.get(path)
        page = await answer.text()
        assert answer.status == 200, path
        assert "<img src=x" not in page, path
        assert page.count("<script") == 1, path
        assert "o_hostile_person" not in page, path
        shown += "&lt;img src=x" in page
    assert shown >= 10
    assert HOSTILE.startswith("<img src=x")


async def test_an_id_that_is_not_there_changes_nothing_and_shows_nothing(desk) -> None:
    client = await desk()
    await sign_in(client, "admin")
    token = await csrf_of(client, "/console/sign-in")
    for route in ROUTES:
        if "{id" in route.path:
            status, _ = await asked(client, route, token)
            # 303: back to the list, with a sentence
            assert status in ({404} if route.method == "GET" else {303, 404}), route.path
    assert "999999" not in await (await client.get("/console/accounts")).text()


@pytest.mark.parametrize("field", ["next", "return_to", "url", "redirect"])
async def test_nobody_is_led_elsewhere_after_signing_in(desk, field: str) -> None:
    client = await desk()
    elsewhere = "https://evil.example/"
    token = await csrf_of(client, f"/console/sign-in?{field}={elsewhere}")
    data = {"csrf": token, "name": "viewer", "password": PASSWORD, field: elsewhere}
    path = f"/console/sign-in?{field}={elsewhere}"
    answer = await client.post(path, data=data, allow_redirects=False, headers={"Referer": elsewhere})
    assert answer.headers["Location"] == "/console/"


async def test_a_session_id_chosen_by_another_is_not_taken_over(desk) -> None:
    attacker, victim = await desk(), await desk()
    for browser in (attacker, victim):
        browser.session.cookie_jar.update_cookies({COOKIE: "0" * 32}, browser.make_url("/console/"))
    await sign_in(victim, "admin")
    answer = await attacker.get("/console/accounts", allow_redirects=False)
    assert answer.headers["Location"].startswith("/console/sign-in")


async def test_twenty_wrong_passwords_from_one_address_close_it_for_every_account(desk) -> None:
    client = await desk()
    assert {await sign_in(client, f"nobody-{n}", "wrong") for n in range(20)} == {401}
    assert await sign_in(client, "viewer") == 429


async def test_beyond_loopback_cookies_go_over_tls_alone(secure_desk, operators: Operators) -> None:
    await operators.add("viewer", Role.VIEWER, PASSWORD, actor="test")
    page = await secure_desk.get("/console/sign-in")
    token = page.cookies[SIGN_IN_COOKIE]
    assert token["secure"]
    data = {"csrf": token.value, "name": "viewer", "password": PASSWORD}
    cookies = {SIGN_IN_COOKIE: token.value}
    answer = await secure_desk.post("/console/sign-in", data=data, cookies=cookies, allow_redirects=False)
    assert answer.cookies[COOKIE]["secure"]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/console/nothing-here", 404, "没有这个页面"),
        ("/console/campaigns/999999", 404, "没有这个推送。"),
        ("/console/policies/import", 403, "您的角色不能进行此操作"),
    ],
)
async def test_what_is_refused_is_a_page_with_a_way_back(desk, path: str, status: int, sentence: str) -> None:
    client = await desk()
    await sign_in(client, "viewer")
    answer = await client.get(path, headers={"Referer": str(client.make_url("/console/campaigns"))})
    page = await answer.text()
    assert answer.status == status
    assert sentence in page
    assert 'href="/console/campaigns">返回' in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_over_plain_http_the_desk_says_that_https_is_needed(secure_desk) -> None:
    page = await (await secure_desk.get("/console/sign-in")).text()
    secure_desk.session.cookie_jar.clear()  # a browser keeps no Secure cookie of a page that came over http
    token = page.partition('name="csrf" value="')[2].partition('"')[0]
    form = {"csrf": token, "name": "chen", "password": "x"}
    async with secure_desk.post("/console/sign-in", data=form) as answer:
        assert (answer.status, "需要 https" in await answer.text()) == (403, True)
