"""Everything a process holds, opened once from the settings and handed down."""

from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from policies.knowledge import Knowledge
from policies.questions import QuestionLog
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

Work = Coroutine[Any, Any, None]

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """The objects of one process."""

    settings: Settings
    folder: DataFolder
    secret: bytes
    bot: BotAccount
    database: Database
    redis: Redis
    http: aiohttp.ClientSession
    clock: BusinessClock
    store: PolicyStore
    windows: Windows
    questions: QuestionLog
    knowledge: Knowledge
    members: Members
    contacts: ContactLog
    wechat: WeChatClient
    context: Context
    callback: Callback
    registry: CollectorRegistry

    def background(self) -> list[Work]:
        """What every role keeps doing."""
        return [self.clock.run(), self.knowledge.run()]

    def web_background(self) -> list[Work]:
        """What a web process keeps doing besides."""
        return [self.contacts.run(), self.context.alerts.hints.run()]


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open what a process needs; an empty database is filled from `policies.json` first.

    Raises:
        BadSettingsError, SchemaBehindError, CompendiumError: see there.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings))
        clock = BusinessClock(database)
        await clock.refresh()
        store = PolicyStore(database, clock)
        if await store.seed(load_compendium(), load_tracks()):
            log.info("seeded", file=COMPENDIUM_FILE.name)
        knowledge = Knowledge(store)
        await knowledge.refresh()
        redis = open_redis(settings.redis_url)
        stack.push_async_callback(redis.aclose)
        http = await stack.enter_async_context(open_http_session())
        secret = secret_key(settings)
        bot = bot_account(settings, secret)
        transport = Transport(http, bot.api_base)
        tokens = AccessTokens(transport, bot.account.app_id, bot.app_secret, redis)
        wechat = WeChatClient(transport, tokens, bot.account.app_id)
        members, contacts = Members(database, clock), ContactLog(database, system_clock)
        questions, windows = QuestionLog(database), Windows(database, clock)
        context = Context(
            knowledge=knowledge,
            members=members,
            clock=clock,
            public_url=settings.effective_public_url,
            questions=questions,
            windows=windows,
            alerts=MemberAlerts(database, clock, AlertLinks(secret, settings.effective_public_url)),
            erasing=Erasing(database, clock, secret=secret, contacts=contacts, redis=redis),
            passes=Passes(secret, redis),
        )
        registry = CollectorRegistry()
        pipeline = RedisPipeline(redis)
        may_write = bot.account.may(Capability.CUSTOM_MESSAGE)
        callback = Callback(
            bot.envelope,
            app_id=bot.account.app_id,
            secret=secret,
            respond=Router(context).respond,
            pipeline=pipeline,
            late=LateAnswers(wechat if may_write else None, pipeline),
            metrics=CallbackMetrics(registry),
            contacts=contacts,
        )
        stack.push_async_callback(callback.finish)
        yield Services(
            settings=settings,
            folder=data_folder(settings),
            secret=secret,
            bot=bot,
            database=database,
            redis=redis,
            http=http,
            clock=clock,
            store=store,
            windows=windows,
            questions=questions,
            knowledge=knowledge,
            members=members,
            contacts=contacts,
            wechat=wechat,
            context=context,
            callback=callback,
            registry=registry,
        )
