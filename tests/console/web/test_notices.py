"""What failed looks failed and is read out as such; what was done looks done."""

import re

import pytest

from console.routes import ROUTES
from tests.console.conftest import Browser, csrf_of, sign_in
from tests.console.hostile_desk import concrete, furnish

NOTICE = re.compile(r'<p class="notice (\w+)" role="(\w+)">([^<]+)</p>')
FAILS = ("不", "没有", "请", "已存在", "须", "至少", "无法", "只能", "失效")
"""Words of which one stands in each sentence that says no."""


async def notice_of(client: Browser, path: str, data: dict[str, str]) -> tuple[str, str, str] | None:
    page = await (await client.post(path, data=data)).text()
    found = NOTICE.search(page)
    return (found[1], found[2], found[3]) if found else None


async def test_no_refusal_looks_like_something_done(desk, sqlite_database) -> None:
    """Every changing request of the desk, with an id that is not there and with a form that is empty."""
    await furnish(sqlite_database)
    client = await desk()
    await sign_in(client, "admin")
    token, seen = await csrf_of(client, "/console/accounts"), 0
    for route in ROUTES:
        if route.method != "POST" or route.path.startswith("/sign-"):
            continue
        notice = await notice_of(client, concrete(route, "999999"), {"csrf": token, "confirmed": "yes"})
        if notice is None:
            continue
        kind, role, text = notice
        seen += 1
        assert role == ("status" if kind == "ok" else "alert"), route.path
        assert kind != "ok" or not any(word in text for word in FAILS), (route.path, text)
    assert seen >= 12


@pytest.mark.parametrize(
    ("path", "fields", "kind"),
    [
        ("/console/accounts", {"name": "editor", "role": "viewer", "password": "a long password"}, "error"),
        ("/console/accounts", {"name": "new", "role": "viewer", "password": "short"}, "error"),
        ("/console/accounts", {"name": "new", "role": "viewer", "password": "a long password"}, "ok"),
        ("/console/accounts/totp", {"code": "123456", "password": "x"}, "error"),
        ("/console/campaigns/stop", {}, "error"),
        ("/console/campaigns/stop", {"reason": "内容有误"}, "ok"),
        ("/console/testers", {"member": "77", "label": "手机"}, "error"),
        ("/console/questions/77/settle", {}, "warning"),
    ],
)
async def test_a_notice_has_the_kind_of_what_happened(
    desk, path: str, fields: dict[str, str], kind: str
) -> None:
    client = await desk()
    await sign_in(client, "admin")
    notice = await notice_of(client, path, {"csrf": await csrf_of(client, "/console/accounts"), **fields})
    assert notice
    assert notice[:2] == (kind, "status" if kind == "ok" else "alert")
