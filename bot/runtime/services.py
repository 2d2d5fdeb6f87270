"""The services of a process, whatever its role: opened once from the settings and handed down."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from prometheus_client import CollectorRegistry
from pyreqwest.client import Client
from redis.asyncio import Redis

from alerts.member.page_links import AlertLinks
from bot.runtime.account import BotAccount, bot_account
from bot.runtime.data_folder import DataFolder
from bot.runtime.process import business_clock, data_folder, open_database
from bot.runtime.secret import secret_key
from bot.runtime.seeding import seed
from bot.runtime.settings import Settings
from bot.upkeep.restore_detection import RestoreDetector
from bot.upkeep.sandbox_leftovers import remove_leftovers
from policies.district.models import DistrictPart
from policies.publishing.store import PolicyStore
from storage.business_clock import BusinessClock
from storage.redis.client import open_redis
from storage.sql.database import Database
from storage.tasks.polling import SharedPoll
from subscriptions.directory import Members
from wechat.api.client import WeChatClient
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport, open_http_client

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """The objects that a process of any role holds."""

    settings: Settings
    folder: DataFolder
    secret: bytes
    bot: BotAccount
    database: Database
    restore_detector: RestoreDetector
    redis: Redis
    clock: BusinessClock
    poll: SharedPoll
    store: PolicyStore
    rules: Mapping[DistrictPart, Any]
    members: Members
    http: Client
    transport: Transport
    wechat: WeChatClient
    links: AlertLinks
    registry: CollectorRegistry


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open the services until the end of the block. An empty database is filled from the library of the settings first.

    Raises:
        BadSettingsError: a variable is wrong.
        NoDatabaseError: the database is locked or unavailable.
        SchemaBehindError: `BOT_MIGRATE=0` and revisions are missing.
        DataFileError: the folder of `BOT_LIBRARY` can't be used.
        LibraryFileError: its `policies.json` is damaged.
    """
    async with AsyncExitStack() as stack:
        secret = secret_key(settings)
        bot = bot_account(settings, secret)
        database = await stack.enter_async_context(open_database(settings))
        if not settings.sandbox_open:
            removed = await remove_leftovers(database, real_account=settings.official_api)
            if removed:
                _log.warning("sandbox.leftovers_removed", removed=removed)
        clock = await business_clock(database, settings)
        store = PolicyStore(database, clock)
        if await seed(store, settings):
            _log.info("library.seeded", folder=settings.library or "the project's own")
        redis = open_redis(settings.redis_url)
        stack.push_async_callback(redis.aclose)
        restore_detector = RestoreDetector(database, data_folder(settings).path, redis)
        await restore_detector.check()
        http = await stack.enter_async_context(open_http_client())
        transport = Transport(http, bot.api_base)
        tokens = AccessTokens(transport, bot.account.app_id, bot.app_secret, redis)
        yield Services(
            settings=settings,
            folder=data_folder(settings),
            secret=secret,
            bot=bot,
            database=database,
            restore_detector=restore_detector,
            redis=redis,
            clock=clock,
            poll=SharedPoll(database),
            store=store,
            rules=await store.rules(),
            members=Members(database, clock),
            http=http,
            transport=transport,
            wechat=WeChatClient(transport, tokens),
            links=AlertLinks(secret, settings.effective_public_url),
            registry=CollectorRegistry(),
        )
