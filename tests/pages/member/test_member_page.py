"""`/me`: one member's choices, by a link from the chat that opens once, for whoever opens it first."""

import json
import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import CookieJar, FormData
from aiohttp import web as aiohttp_web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text
from yarl import URL

from bot.runtime.services import Services
from handlers.framework.context import Context
from pages.member.application import make_app
from pages.member.sign_in import SignIn
from subscriptions.members.member_tokens import MemberTokens, Purpose
from tests.handlers.chat import Chat
from wechat.api.transport import Transport, open_http_client

Browser = "TestClient[Any, Any]"


@pytest.fixture(autouse=True)
def plain_http(context: Context) -> None:
    """The browser of these tests speaks http: a Secure cookie would not come back."""
    object.__setattr__(context, "public_url", "http://policy.example")


@pytest.fixture
async def other_browser(web: Browser) -> AsyncIterator[Browser]:
    async with TestClient(web.server, cookie_jar=CookieJar(unsafe=True)) as client:
        yield client


async def link_of(chat: Chat) -> str:
    await chat.says("订阅 海水淡化")
    (address,) = (await chat.says("我的订阅")).links.values()
    return address.removeprefix("http://policy.example")


async def page(browser: Browser, address: str = "/me") -> tuple[int, str]:
    async with browser.get(URL(address, encoded=True)) as response:
        return response.status, await response.text()


async def entered(browser: Browser, link: str) -> tuple[int, str]:
    """The link opened and its button pressed."""
    status, html = await page(browser, link)
    token = re.search(r'name="t" value="([^"]+)"', html)
    if token is None:
        return status, html
    async with browser.post("/me/enter", data={"t": token[1]}) as response:
        return response.status, await response.text()


def ticked(html: str, name: str) -> set[str]:
    return set(re.findall(rf'name="{name}" value="([^"]*)" checked', html))


def form_of(html: str, **changes: object) -> FormData:
    token = re.search(r'name="form" value="([^"]+)"', html)
    assert token
    fields: dict[str, object] = {
        "form": token[1],
        "track": ticked(html, "track"),
        "day": ticked(html, "day"),
        "digest": ticked(html, "digest").pop(),
        "general": ticked(html, "general"),
        "quiet": ticked(html, "quiet"),
        "quiet_from": "21:00",
        "quiet_until": "08:30",
    } | changes
    form = FormData()
    for field, value in fields.items():
        for one in sorted(value) if isinstance(value, set) else [value]:
            form.add_field(field, str(one))
    return form


async def test_the_link_from_the_chat_opens_the_members_choices(chat: Chat, web: Browser) -> None:
    status, html = await entered(web, await link_of(chat))
    assert status == 200
    assert ticked(html, "track") == {"desalination"}
    assert ticked(html, "day") == {"30", "14", "7", "3", "1"}
    assert ticked(html, "digest") == {"none"}


async def test_what_is_saved_on_the_page_holds_in_the_chat(
    chat: Chat, web: Browser, services: Services
) -> None:
    _, html = await entered(web, await link_of(chat))
    changed = form_of(
        html, track={"ai", "ic"}, day={"60", "7"}, digest="weekly", general=set(), quiet_from="22:00"
    )
    async with web.post("/me", data=changed) as response:
        assert response.status == 200
        assert "已保存" in await response.text()
    reply = await chat.says("我的订阅")
    assert "您订阅了 2 个赛道" in reply.text
    assert "截止前 60、7 天\n免打扰：22:00–08:30\n方式：每周汇总" in reply.text
    member_id = await services.members.id_of(chat.openid) or 0
    changes = (await services.members.record(member_id)).changes
    assert {change.source for change in changes} == {"chat", "page"}


async def test_whoever_stopped_the_messages_reads_it_on_the_page_and_can_resume(
    chat: Chat, web: Browser
) -> None:
    await chat.says("停止推送")
    _, html = await entered(web, await link_of(chat))
    assert "<legend>推送已停止</legend>" in html
    async with web.post("/me", data=form_of(html)) as response:
        assert "推送已停止" in await response.text()
    async with web.post("/me", data=form_of(html, resume="1")) as response:
        assert "推送已停止" not in await response.text()
    assert "推送已停止" not in (await chat.says("我的订阅")).text


async def test_clauses_departments_and_questions_are_left_on_the_page(
    chat: Chat, web: Browser, services: Services
) -> None:
    await chat.says("订阅 第10条")
    await chat.says("订阅 区工信局")
    _, html = await entered(web, await link_of(chat))
    assert ticked(html, "topic") == {"clause:10", "department:区工信局"}
    assert "第10条 " in html
    assert "区工信局负责的条款" in html
    await chat.says("订阅 第22条")  # meanwhile, in the chat
    shown = {"clause:10", "department:区工信局"}
    async with web.post("/me", data=form_of(html, shown_topic=shown, topic={"clause:10"})) as response:
        assert "已保存" in await response.text()
    member_id = await services.members.id_of(chat.openid) or 0
    assert {topic.id for topic in await services.members.topics(member_id)} == {"clause:10", "clause:22"}
    async with web.get("/me/data.json") as response:
        copy = json.loads(await response.text())
    assert [one.partition(" ")[0] for one in copy["订阅的条款、部门和问题"]] == ["第10条", "第22条"]


async def test_tracks_and_preferences_are_saved_together_or_not_at_all(
    chat: Chat, web: Browser, services: Services
) -> None:
    _, html = await entered(web, await link_of(chat))
    async with services.database.write() as session:
        refuse = "BEFORE UPDATE OF digest ON members BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        await session.execute(text(f"CREATE TRIGGER t {refuse}"))
    async with web.post("/me", data=form_of(html, track={"ai"})) as response:
        assert response.status == 500
    member_id = await services.members.id_of(chat.openid) or 0
    assert await services.members.tracks(member_id) == ("desalination",)


async def test_a_forwarded_link_opens_once(chat: Chat, web: Browser, other_browser: Browser) -> None:
    link = await link_of(chat)
    assert (await entered(web, link))[0] == 200
    status, html = await entered(other_browser, link)
    assert status == 403
    assert "链接已在别处打开过" in html
    assert "海水淡化" not in html
    assert (await page(web, link))[0] == 200  # the same browser may


async def test_looking_at_a_link_does_not_use_it_up(chat: Chat, web: Browser, other_browser: Browser) -> None:
    link = await link_of(chat)
    for _ in range(3):  # a scanner of the chat, a preview
        status, html = await page(other_browser, link)
        assert (status, "海水淡化" in html) == (200, False)
    assert (await page(other_browser))[0] == 403
    assert ticked((await entered(web, link))[1], "track") == {"desalination"}


async def test_another_sites_form_opens_no_link(chat: Chat, web: Browser) -> None:
    token = (await link_of(chat)).partition("=")[2]
    for site in ("cross-site", "same-site"):
        async with web.post("/me/enter", data={"t": token}, headers={"Sec-Fetch-Site": site}) as response:
            assert response.status == 403
    async with web.post("/me/enter", data={"t": token}) as response:
        assert response.status == 200


async def test_an_expired_or_forged_link_opens_nothing(
    chat: Chat, web: Browser, context: Context, services: Services
) -> None:
    past = MemberTokens(services.secret, services.redis, now=lambda: 1_000_000_000.0)
    assert "链接已过期" in (await page(web, f"/me?t={past.sign(Purpose.LINK, 1)}"))[1]
    assert "已失效" in (await page(web, "/me?t=forged"))[1]
    assert (await page(web))[0] == 403


async def test_a_form_of_another_site_or_visit_is_refused(
    chat: Chat, web: Browser, services: Services
) -> None:
    _, html = await entered(web, await link_of(chat))
    async with web.post("/me", data=form_of(html, form="forged", track=set())) as response:
        assert response.status == 403
    web.session.cookie_jar.clear()
    async with web.post("/me", data=form_of(html, track=set())) as response:
        assert response.status == 403
    assert await services.members.tracks_by_openid(chat.openid) == ("desalination",)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": "08:00", "quiet_until": "08:00"},
        {"quiet_from": "25:00"},
        {"quiet_until": ""},
        {"day": {"0"}},
        {"day": {"x"}},
        {"digest": "hourly"},
    ],
)
async def test_a_wrong_value_is_told_and_nothing_is_kept(
    chat: Chat, web: Browser, services: Services, wrong: dict[str, object]
) -> None:
    _, html = await entered(web, await link_of(chat))
    async with web.post("/me", data=form_of(html, track={"ai"}, **wrong)) as response:
        assert response.status == 422
        assert "没有保存" in await response.text()
    assert await services.members.tracks_by_openid(chat.openid) == ("desalination",)


async def test_an_erased_members_page_shows_nothing(chat: Chat, web: Browser, context: Context) -> None:
    await entered(web, await link_of(chat))
    await context.erasing.erase(chat.openid)
    status, html = await page(web)
    assert (status, "没有您的数据" in html) == (403, True)


async def test_the_data_come_as_a_file(chat: Chat, web: Browser) -> None:
    await entered(web, await link_of(chat))
    async with web.get("/me/data.json") as response:
        assert "attachment" in response.headers["Content-Disposition"]
        assert json.loads(await response.text())["订阅的赛道"] == ["海水淡化"]


async def test_every_answer_is_strict_and_without_scripts(chat: Chat, web: Browser) -> None:
    link = await link_of(chat)
    for address in (link, "/me", "/me?t=x"):
        async with web.get(URL(address, encoded=True)) as response:
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert response.headers["Cache-Control"] == "no-store"
            html = await response.text()
        assert "<script" not in html
        assert "style=" not in html


class WeChat:
    """Who WeChat says came back, by code."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, object]] = {}

    async def exchange(self, request: aiohttp_web.Request) -> aiohttp_web.Response:
        assert request.query["grant_type"] == "authorization_code"
        return aiohttp_web.json_response(self.answers.pop(request.query["code"], {"errcode": 40029}))


@pytest.fixture
def wechat() -> WeChat:
    return WeChat()


@pytest.fixture
async def signed(context: Context, wechat: WeChat) -> AsyncIterator[Browser]:
    """The page with WeChat's web sign-in, at an account that may use it."""
    platform = aiohttp_web.Application()
    platform.router.add_get("/sns/oauth2/access_token", wechat.exchange)
    async with TestServer(platform) as server, open_http_client() as http:
        sign_in = SignIn(Transport(http, f"http://127.0.0.1:{server.port}"), "wxapp", "secret")
        app = aiohttp_web.Application()
        app.add_subapp("/me", make_app(context, sign_in))
        async with TestClient(TestServer(app)) as browser:
            yield browser


async def start(browser: Browser, address: str) -> dict[str, list[str]]:
    async with browser.get(URL(address, encoded=True), allow_redirects=False) as response:
        assert response.status == 303
        assert response.headers["Location"].endswith("#wechat_redirect")
        return parse_qs(urlsplit(response.headers["Location"]).query)


async def test_wechat_itself_says_who_opened_the_page(
    signed: Browser, wechat: WeChat, services: Services
) -> None:
    query = await start(signed, "/me")
    assert query["redirect_uri"] == ["http://policy.example/me/signed-in"]
    wechat.answers["C1"] = {"openid": "o-anna", "access_token": "x"}
    back = f"/me/signed-in?code=C1&state={query['state'][0]}"
    assert (await page(signed, back))[0] == 200
    assert (await page(signed, back))[0] == 200  # some phones come back twice
    assert await services.members.id_of("o-anna") is not None


@pytest.mark.parametrize(
    "answer",
    [{"openid": "o-bert"}, {"openid": "o-anna", "is_snapshotuser": 1}, {"errcode": 40163}, {"openid": ""}],
)
async def test_a_forwarded_link_serves_its_own_member_only(
    signed: Browser, wechat: WeChat, context: Context, answer: dict[str, object]
) -> None:
    anna = await context.members.ensure("o-anna")
    query = await start(signed, f"/me?t={context.member_tokens.sign(Purpose.LINK, anna)}")
    wechat.answers["C1"] = answer
    status, _ = await page(signed, f"/me/signed-in?code=C1&state={query['state'][0]}")
    assert status == 403
    assert (await start(signed, "/me"))["state"]


async def test_a_sign_in_that_another_browser_began_is_refused(signed: Browser, wechat: WeChat) -> None:
    await start(signed, "/me")
    wechat.answers["C1"] = {"openid": "o-anna"}
    for state in ("0", "%E7%94%B2", "%FF"):
        assert (await page(signed, f"/me/signed-in?code=C1&state={state}"))[0] == 403
    assert wechat.answers  # the code was not even used
