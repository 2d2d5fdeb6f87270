"""Everything a process holds, opened once from the settings and handed down."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
import structlog
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from alerts.links import AlertLinks
from alerts.member_alerts import MemberAlerts
from bot.account import BotAccount, bot_account
from bot.callback import Callback
from bot.callback_metrics import CallbackMetrics
from bot.data_folder import DataFolder
from bot.late import LateAnswers
from bot.process import data_folder, open_database
from bot.secret import secret_key
from bot.settings import Settings
from handlers.context import Context
from handlers.router import Router
from policies.compendium import COMPENDIUM_FILE, load_compendium
from policies.knowledge import Knowledge
from policies.lessons import Lessons
from policies.questions import QuestionLog
from policies.store import PolicyStore
from policies.tracks import load_tracks
from policies.windows import Windows
from storage.business_clock import BusinessClock
from storage.clock import system_clock
from storage.database import Database
from storage.redis_client import open_redis
from storage.redis_pipeline import RedisPipeline
from subscriptions.contacts import ContactLog
from subscriptions.erasing import Erasing
from subscriptions.links import Passes
from subscriptions.members import Members
from wechat.account import Capability
from wechat.client import WeChatClient
from wechat.tokens import AccessTokens
from wechat.transport import Transport, open_http_session

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """The objects of one process; `context` holds those that the conversation and the pages ask."""

    settings: Settings
    folder: DataFolder
    secret: bytes
    bot: BotAccount
    database: Database
    redis: Redis
    http: aiohttp.ClientSession
    clock: BusinessClock
    store: PolicyStore
    contacts: ContactLog
    wechat: WeChatClient
    context: Context
    callback: Callback
    registry: CollectorRegistry


@dataclass(frozen=True, slots=True)
class _Ground:
    """What everything else is built on."""

    settings: Settings
    secret: bytes
    database: Database
    redis: Redis
    clock: BusinessClock
    store: PolicyStore
    contacts: ContactLog


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open what a process needs; an empty database is filled from `policies.json` first.

    Raises:
        BadSettingsError, SchemaBehindError, CompendiumError: see there.
    """
    async with AsyncExitStack() as stack:
        ground = await _ground(settings, stack)
        bot = bot_account(settings, ground.secret)
        http = await stack.enter_async_context(open_http_session())
        transport = Transport(http, bot.api_base)
        tokens = AccessTokens(transport, bot.account.app_id, bot.app_secret, ground.redis)
        wechat = WeChatClient(transport, tokens, bot.account.app_id)
        context, registry = await _context(ground), CollectorRegistry()
        callback = _callback(ground, bot, context, wechat, registry)
        stack.push_async_callback(callback.finish)
        yield Services(
            settings=settings,
            folder=data_folder(settings),
            secret=ground.secret,
            bot=bot,
            database=ground.database,
            redis=ground.redis,
            http=http,
            clock=ground.clock,
            store=ground.store,
            contacts=ground.contacts,
            wechat=wechat,
            context=context,
            callback=callback,
            registry=registry,
        )


async def _ground(settings: Settings, stack: AsyncExitStack) -> _Ground:
    database = await stack.enter_async_context(open_database(settings))
    clock = BusinessClock(database)
    await clock.refresh()
    store = PolicyStore(database, clock)
    if await store.seed(load_compendium(), load_tracks()):
        log.info("compendium.seeded", file=COMPENDIUM_FILE.name)
    redis = open_redis(settings.redis_url)
    stack.push_async_callback(redis.aclose)
    return _Ground(
        settings, secret_key(settings), database, redis, clock, store, ContactLog(database, system_clock)
    )


async def _context(ground: _Ground) -> Context:
    database, clock, public_url = ground.database, ground.clock, ground.settings.effective_public_url
    knowledge = Knowledge(ground.store, Lessons(database, clock))
    await knowledge.refresh()
    return Context(
        knowledge=knowledge,
        members=Members(database, clock),
        clock=clock,
        public_url=public_url,
        questions=QuestionLog(database, clock),
        windows=Windows(database, clock),
        alerts=MemberAlerts(database, clock, AlertLinks(ground.secret, public_url)),
        erasing=Erasing(database, clock, secret=ground.secret, contacts=ground.contacts, redis=ground.redis),
        passes=Passes(ground.secret, ground.redis),
    )


def _callback(
    ground: _Ground, bot: BotAccount, context: Context, wechat: WeChatClient, registry: CollectorRegistry
) -> Callback:
    pipeline = RedisPipeline(ground.redis)
    may_write = bot.account.may(Capability.CUSTOM_MESSAGE)
    return Callback(
        bot.envelope,
        app_id=bot.account.app_id,
        secret=ground.secret,
        respond=Router(context).respond,
        pipeline=pipeline,
        late=LateAnswers(wechat if may_write else None, pipeline),
        metrics=CallbackMetrics(registry),
        contacts=ground.contacts,
    )
