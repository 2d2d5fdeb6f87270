"""Who gets in, who doesn't, and what ends a session."""

import re

import pyotp
import pytest

from console.app import COOKIE
from console.operators import Operators
from console.roles import Role, Route
from console.routes import ROUTES
from tests.console.conftest import PASSWORD, csrf_of, sign_in


def concrete(route: Route, identity: str) -> str:
    """A route's path with this id, and the first of other choices, in its places."""
    path = re.sub(r"\{id:[^/]*?\}\}", identity, route.path)
    return "/console" + re.sub(r"\{\w+:(\w+)[^}]*\}", r"\1", path)


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
    await client.get("/console/sign-in")
    before = client.session.cookie_jar.filter_cookies(client.make_url("/console/"))[COOKIE].value
    await sign_in(client, "viewer")
    after = client.session.cookie_jar.filter_cookies(client.make_url("/console/"))[COOKIE].value
    assert before != after


async def test_the_session_cookie_is_kept_from_scripts_and_other_sites(desk) -> None:
    client = await desk()
    cookie = (await client.get("/console/sign-in")).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/console"} <= set(cookie.split("; "))


async def test_six_wrong_passwords_close_the_door_for_a_while(desk) -> None:
    client = await desk()
    assert [await sign_in(client, "editor", "wrong") for _ in range(6)] == [401] * 5 + [429]
    assert await sign_in(client, "editor") == 429
    assert await sign_in(client, "viewer") != 429


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "POST"], ids=lambda r: r.path)
async def test_no_form_is_taken_without_its_token(desk, route: Route) -> None:
    client = await desk()
    await sign_in(client, "admin")
    path = concrete(route, "1")
    assert (await client.post(path, data={"csrf": "guessed"}, allow_redirects=False)).status == 403


@pytest.mark.parametrize("role", [None, *Role], ids=str)
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
async def test_a_route_opens_to_its_role_and_those_above(desk, route: Route, role: Role | None) -> None:
    client = await desk()
    if role is not None:
        await sign_in(client, role.value)
    token = await csrf_of(client, "/console/sign-in")
    path = concrete(route, "999999")
    data = {"csrf": token} if route.method == "POST" else None
    answer = await client.request(route.method, path, data=data, allow_redirects=False)
    if route.role is None or (role is not None and role.may(route.role)):
        assert answer.status != 403
        assert (
            route.role is None or answer.headers.get("Location") != "/console/sign-in" or "sign-out" in path
        )
    elif role is None:
        assert (answer.status, answer.headers["Location"]) == (303, "/console/sign-in")
    else:
        assert answer.status == 403


async def test_a_closed_account_is_out_at_once(desk, operators: Operators) -> None:
    client = await desk()
    await sign_in(client, "editor")
    accounts = {account.name: account.id for account in await operators.all()}
    admin = await operators.sign_in("admin", PASSWORD)
    assert admin
    await operators.change(accounts["editor"], role=Role.EDITOR, active=False, actor=admin)
    answer = await client.get("/console/accounts", allow_redirects=False)
    assert answer.headers["Location"] == "/console/sign-in"


async def test_a_one_time_code_is_asked_once_it_is_switched_on(operators: Operators) -> None:
    await operators.add("careful", Role.EDITOR, PASSWORD, actor="test")
    [careful] = await operators.all()
    secret = pyotp.random_base32()
    await operators.set_totp(careful.id, secret)
    assert await operators.sign_in("careful", PASSWORD) is None
    assert await operators.sign_in("careful", PASSWORD, pyotp.TOTP(secret).now())


async def test_every_page_forbids_inline_script_and_foreign_sources(desk) -> None:
    client = await desk()
    for path in ("/console/sign-in", "/console/nothing-here"):
        policy = (await client.get(path)).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
