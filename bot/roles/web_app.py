"""The HTTP application of a web process: every part under its path, and the middlewares of every request."""

import secrets
from functools import partial
from itertools import count
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.http.bodies import LARGEST_BODY, limit_bodies
from bot.http.health import Check, TakesWrites, health_routes, takes_commands
from bot.http.inside import inside_only
from bot.http.metrics import metrics_route
from bot.http.proxies import trust_proxies
from bot.http.redirects import add_redirects
from bot.http.unavailable_page import answer_when_unavailable
from bot.roles.conversation import Conversation
from bot.runtime.addresses import is_loopback
from bot.runtime.clause_belongings import clause_belongings
from bot.runtime.services import Services
from console.access.api_keys import ApiKeys
from console.access.credentials import Credentials
from console.access.one_time_codes import Seeds
from console.access.operators import Operators
from console.access.throttle import SignInThrottle
from console.api.app import Api
from console.api.routes import ENDPOINTS
from console.app import make_desk_app
from console.routes import ROUTES
from console.services.broadcasts import Broadcasts
from console.services.desk import Desk
from console.services.member_replies import MemberReplies
from console.services.testers import Testers
from handlers.framework.menu import usual_labels
from pages.application import make_app as make_pages
from pages.matching.application import make_app as make_match_pages
from pages.member.application import make_app as make_me_page
from pages.member.sign_in import SignIn
from policies.district.store import DistrictStore
from policies.guides.drafts import GuideDrafts
from policies.guides.store import GuideStore
from policies.importing.imports import Imports
from policies.knowledge import NotReadyError
from policies.publishing.drafts import Drafts
from sandbox.addresses import PREFIX as SANDBOX_PREFIX
from storage.redis.shared_counters import shared_counters
from wechat.account import Capability


def make_app(services: Services, conversation: Conversation) -> web.Application:
    """Return the root application of one web process."""
    settings = services.settings
    app = web.Application(client_max_size=LARGEST_BODY)
    if settings.trusted_proxies:
        app.middlewares.append(trust_proxies(settings.trusted_proxies))
    app.middlewares.append(inside_only(_public_host(settings.effective_public_url)))
    app.middlewares.extend((_request_ids(), answer_when_unavailable, limit_bodies))
    add_redirects(app, start=SANDBOX_PREFIX if settings.sandbox_open else "/p")
    app.add_routes(conversation.callback.routes())
    checks = _checks(services, conversation)
    app.add_routes(health_routes(checks, {"index": checks["index"]}))
    app.add_routes([metrics_route(services.registry, services.folder.worker_metrics)])
    page_services = conversation.page_services()
    app.add_subapp("/p", make_pages(page_services))
    app.add_subapp("/match", make_match_pages(page_services))
    app.add_subapp("/me", make_me_page(page_services, _sign_in(services)))
    _add_desk(app, services, conversation)
    if settings.sandbox_open:
        # The sandbox, and wechatpy's cryptography with it, is a tenth of the imports: beside a real account nobody needs it.
        from bot.roles.sandbox_part import add_sandbox  # noqa: PLC0415

        add_sandbox(app, services, conversation)
    return app


def _public_host(public_url: str) -> str:
    """Return the host of the links in messages; "" for this machine's own."""
    host = urlsplit(public_url).hostname or ""
    return "" if is_loopback(host) else host


def _sign_in(services: Services) -> SignIn | None:
    """Return the web sign-in of WeChat if the account may use it; None in the sandbox."""
    bot = services.bot
    if not (services.settings.has_account and bot.account.may(Capability.WEB_OAUTH)):
        return None
    return SignIn(services.transport, bot.account.app_id, bot.app_secret)


def _checks(services: Services, conversation: Conversation) -> dict[str, Check]:
    async def index() -> None:
        if not conversation.context.knowledge.is_ready:
            raise NotReadyError("the index has not been built")

    return {
        "database": TakesWrites(services.database),
        "redis": partial(takes_commands, services.redis),
        "index": index,
    }


def _add_desk(app: web.Application, services: Services, conversation: Conversation) -> None:
    settings, database = services.settings, services.database
    counters = shared_counters(services.redis)
    operators = Operators(database)
    drafts = Drafts(database, services.clock, belongings=clause_belongings(services.clock))
    desk = Desk(
        database=database,
        operators=operators,
        credentials=Credentials(database, operators.passwords, Seeds(services.secret)),
        api_keys=ApiKeys(database),
        broadcasts=Broadcasts(database, services.bot.templates),
        testers=Testers(database),
        store=services.store,
        district=DistrictStore(database, services.clock),
        drafts=drafts,
        imports=Imports(database, services.clock, services.store, drafts),
        windows=conversation.context.windows,
        guides=GuideStore(database),
        guide_drafts=GuideDrafts(database, services.clock),
        members=services.members,
        knowledge=conversation.context.knowledge,
        questions=conversation.context.questions,
        lessons=conversation.lessons,
        handoffs=conversation.context.handoffs,
        matching=conversation.context.matching,
        profiles=conversation.context.profiles,
        replies=MemberReplies(database, services.wechat),
        tally=conversation.tally,
        account=services.bot.account,
        templates=services.bot.templates,
        clock=services.clock,
        public_url=settings.effective_public_url,
        menu=usual_labels(),
    )
    loopback = is_loopback(settings.host) and settings.effective_public_url.startswith("http://")
    throttle = SignInThrottle(counters)
    app.add_subapp(
        "/console/", make_desk_app(desk, services.redis, throttle, ROUTES, secure_cookie=not loopback)
    )
    app.add_subapp("/api/v1/", Api(desk, counters, ENDPOINTS).app())


def _request_ids() -> Middleware:
    """Return a middleware that gives each request an id for its log lines: a token of the process, and a number."""
    process, numbers = secrets.token_hex(3), count(1)

    @web.middleware
    async def request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
        structlog.contextvars.bind_contextvars(request=f"{process}-{next(numbers)}")
        return await handler(request)

    return request_id
