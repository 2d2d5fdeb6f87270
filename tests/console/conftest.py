"""A desk on a real database and a real Valkey, and a browser-like client for it."""

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis.asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from pyreqwest.client import Client
from sqlalchemy import select

from alerts.channels.template.settings import Templates
from bot.runtime.clause_belongings import clause_belongings
from console.access.api_keys import ApiKeys
from console.access.credentials import Credentials
from console.access.one_time_codes import Seeds
from console.access.operators import Operators
from console.access.passwords import Passwords
from console.access.roles import Role
from console.access.throttle import SignInThrottle
from console.app import make_desk_app
from console.routes import ROUTES
from console.services.broadcasts import Broadcasts
from console.services.desk import Desk
from console.services.member_replies import MemberReplies
from console.services.testers import Testers
from policies.company_facts.match_service import MatchService, load_match_service
from policies.district.folder import load_district
from policies.district.store import DistrictStore
from policies.guides.drafts import GuideDrafts
from policies.guides.store import GuideStore
from policies.importing.imports import Imports
from policies.knowledge import Knowledge
from policies.library.library_file import load_library
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from policies.questions.daily_tally import QuestionTally
from policies.questions.lessons import Lessons
from policies.questions.log import QuestionLog
from policies.windows.application_windows import Windows
from sandbox.api.control import crowd_openid
from sandbox.credentials import sandbox_credentials
from storage.clock import system_clock
from storage.redis.shared_counters import shared_counters
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.handoff import Handoffs
from subscriptions.profiles.profiles import Profiles
from subscriptions.tables import HandoffLine, Member
from tests.alerts.delivery_stage import Wechat, wechat_on_the_desk
from tests.kit.caches.library_index import keep
from wechat.account import Account
from wechat.api.client import WeChatClient
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page

    from tests.console.desk_in_browser import OpenDesk

PASSWORD = "correct horse battery"
Browser = TestClient[web.Request, web.Application]


@pytest.fixture(scope="session")
def sqlite_template(seeded_sqlite_template: Path) -> Path:
    """Every database here holds the library."""
    return seeded_sqlite_template


@pytest.fixture
def operators(sqlite_database: Database) -> Operators:
    return Operators(sqlite_database, Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)))


@pytest.fixture
async def wechat() -> AsyncIterator[Wechat]:
    """The sandbox on a loopback port, as WeChat."""
    async with wechat_on_the_desk() as opened:
        yield opened


@pytest.fixture
def wechat_client(wechat: Wechat, redis_client: "redis.asyncio.Redis", http_client: Client) -> WeChatClient:
    credentials = sandbox_credentials(b"stage")
    transport = Transport(http_client, wechat.base, timeout_s=0.5)
    tokens = AccessTokens(transport, credentials.app_id, credentials.app_secret, redis_client)
    return WeChatClient(transport, tokens)


library, district = cache(load_library), cache(load_district)


@cache
def match_service() -> MatchService:
    """It never changes."""
    return load_match_service()


def make_desk(database: Database, operators: Operators, wechat: WeChatClient) -> Desk:
    store, lessons = PolicyStore(database, system_clock), Lessons(database)
    drafts = Drafts(database, system_clock, belongings=clause_belongings(system_clock))
    return Desk(
        database=database,
        operators=operators,
        credentials=Credentials(database, operators.passwords, Seeds(b"a secret of the tests")),
        api_keys=ApiKeys(database),
        broadcasts=Broadcasts(database, Templates({})),
        testers=Testers(database),
        store=store,
        knowledge=Knowledge(store, lessons, guides=GuideStore(database)),
        questions=QuestionLog(database),
        lessons=lessons,
        handoffs=Handoffs(database, system_clock),
        matching=match_service(),
        profiles=Profiles(database, system_clock),
        tally=QuestionTally(database, system_clock),
        replies=MemberReplies(database, wechat),
        district=DistrictStore(database, system_clock),
        drafts=drafts,
        imports=Imports(database, system_clock, store, drafts),
        windows=Windows(database, system_clock),
        guides=GuideStore(database),
        guide_drafts=GuideDrafts(database, system_clock),
        members=Members(database, system_clock),
        account=Account("wx0123456789abcdef"),
        templates=Templates({}),
        clock=system_clock,
        public_url="http://desk.test",
        menu={"MENU_HELP": "使用帮助"},
    )


_LONGEST_LINE = 1 << 17
"""Of a request, in bytes: a query with an endless value for each of its names."""


class DeskServer(TestServer):
    """A server that finishes what it has begun when the browser goes away, as `bot.roles.web_role` does."""

    async def _make_runner(self, **options: object) -> web.BaseRunner:
        options |= {"handler_cancellation": False, "max_line_size": _LONGEST_LINE}
        return await super()._make_runner(**options)


@pytest.fixture
async def desk(
    sqlite_database: Database,
    operators: Operators,
    wechat_client: WeChatClient,
    redis_client: "redis.asyncio.Redis",
    kept_readings: None,
) -> AsyncIterator[Callable[[], Awaitable[Browser]]]:
    """Opens clients of one desk, each with cookies of its own."""
    for role in Role:
        await operators.add(role.value, role, PASSWORD, actor="test")
    services = make_desk(sqlite_database, operators, wechat_client)
    await services.store.seed(library(), district())
    await services.knowledge.refresh()
    keep(services.knowledge.index)
    server = DeskServer(_app(services, redis_client))
    await server.start_server()
    clients: list[Browser] = []

    async def open_client() -> Browser:
        clients.append(TestClient(server))
        return clients[-1]

    yield open_client
    for client in clients:
        await client.session.close()
    await server.close()


@pytest.fixture
async def editor(desk: Callable[[], Awaitable[Browser]]) -> Browser:
    """A client that an editor has signed in on."""
    client = await desk()
    await sign_in(client, "editor")
    return client


@pytest.fixture
async def approver(desk: Callable[[], Awaitable[Browser]]) -> Browser:
    """A client that an approver has signed in on."""
    client = await desk()
    await sign_in(client, "approver")
    return client


def _app(services: Desk, redis: "redis.asyncio.Redis", *, secure: bool = False) -> web.Application:
    app = web.Application()
    desk = make_desk_app(
        services, redis, SignInThrottle(shared_counters(redis)), ROUTES, secure_cookie=secure
    )
    app.add_subapp("/console/", desk)
    return app


@pytest.fixture
async def secure_desk(
    sqlite_database: Database,
    operators: Operators,
    wechat_client: WeChatClient,
    redis_client: "redis.asyncio.Redis",
) -> AsyncIterator[Browser]:
    """A client of a desk that is open to a network."""
    services = make_desk(sqlite_database, operators, wechat_client)
    async with TestClient(TestServer(_app(services, redis_client, secure=True))) as client:
        yield client


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
async def open_desk(
    desk: Callable[[], Awaitable[Browser]], browser: "Chromium", request: pytest.FixtureRequest
) -> AsyncIterator["OpenDesk"]:
    """The desk in a browser for each operator, with scripts and without."""
    from tests.console.desk_in_browser import sign_in_on

    base = str((await desk()).make_url("/"))
    contexts = []

    async def opened(name: str) -> "Page":
        context = await browser.new_context(
            base_url=base,
            locale="zh-CN",
            java_script_enabled=request.param,
            viewport={"width": 1280, "height": 900},
        )
        contexts.append(context)
        page = await context.new_page()
        await sign_in_on(page, name)
        return page

    yield opened
    for context in contexts:
        await context.close()


@pytest.fixture
async def waiting(desk, sqlite_database: Database, wechat: Wechat) -> int:
    """A member who has just asked for a person; the conversation's id."""
    await wechat.ask("POST", "people", {"count": 1, "first": 0, "window": True})
    async with sqlite_database.write() as session:
        member = Member(
            openid=crowd_openid("oSIM", 0),
            followed_at=system_clock(),
            message_until=system_clock() + timedelta(hours=48),
            message_left=5,
        )
        session.add(member)
    await Handoffs(sqlite_database, system_clock).say(member.id, "<b>想问</b>海水淡化怎么报", begin=True)
    return 1


async def said(database: Database) -> list[str]:
    """What operators said in conversations, in order."""
    async with database.read() as session:
        return list(await session.scalars(select(HandoffLine.content).where(HandoffLine.author != "")))


async def left(database: Database) -> int | None:
    """Customer-service messages that the one member may still get."""
    async with database.read() as session:
        return await session.scalar(select(Member.message_left))


async def csrf_of(client: Browser, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', await (await client.get(path)).text())
    assert found, f"{path} has no form"
    return found[1]


async def tokens_of(client: Browser, path: str, action: str = "") -> dict[str, str]:
    """The hidden fields of a page's form that leads to `action` ("": to the page itself)."""
    page = await (await client.get(path)).text()
    led = f' action="{action}"' if action else ""
    form = re.search(rf'<form method="post"{led}[ >].*?</form>', page, re.DOTALL)
    assert form, f"{path} has no form to {action or path}"
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0])
    return {name: html.unescape(value) for name, value in hidden}


async def sign_in(client: Browser, name: str, password: str = PASSWORD) -> int:
    """Sign in as a person would; gives the status of the page that follows."""
    token = await csrf_of(client, "/console/sign-in")
    answer = await client.post("/console/sign-in", data={"csrf": token, "name": name, "password": password})
    return answer.status
