"""Whatever stands in an address or a query of what anybody may open: nothing answers that it failed itself."""

from typing import Any
from urllib.parse import quote

from aiohttp.test_utils import TestClient
from yarl import URL

VALUES = (
    *(
        "0",
        "-1",
        "9" * 10,
        "9" * 40,
        "9" * 5000,
        "１２",
        "٣",
        "1e400",
        "%00",
        "%ff",
        "%ed%a0%80",
        "..%2f..%2f",
        "'",
        "%",
    ),
    *(
        quote(value)
        for value in (
            "\x00",
            "\ufffe",
            "甲" * 300,
            "ﷺ" * 300,
            "第" + "9" * 300 + "条",
            "{" * 500,
            "a\r\nX: y",
        )
    ),
)
PLACES = (
    *("/p?q={}", "/p?q=a&q={}", "/p/{}", "/p/a/{}", "/p/page.css?v={}", "/p/{}/x"),
    *(
        "/me?t={}",
        "/me/{}",
        "/me/sign-in?state={}&code={}",
        "/console/{}",
        "/api/v1/{}",
        "/healthz?{}={}",
        "/{}",
    ),
    *("/wechat?signature={}&timestamp={}&nonce={}&echostr={}", "/wechat?msg_signature={}&timestamp={}"),
)


async def test_nothing_in_an_address_makes_a_page_fail(web: "TestClient[Any, Any]") -> None:
    failed = []
    for place in PLACES:
        for value in VALUES:
            address = str(web.make_url("/")).rstrip("/") + place.replace("{}", value)
            for method in ("GET", "POST"):
                async with web.session.request(
                    method,
                    URL(address, encoded=True),
                    data=b"" if method == "POST" else None,
                    allow_redirects=False,
                ) as answer:
                    await answer.read()
                    if answer.status >= 500:
                        failed.append((method, place, value[:20], answer.status))
    assert failed == []
