"""The worker's process in the benchmarks: the worker as it is, and nothing else loaded beside it."""

import argparse
import os
import signal

import uvloop
from prometheus_client import CollectorRegistry

from alerts.channels.outlet import Outlet
from alerts.channels.template.settings import Templates
from alerts.member.page_links import AlertLinks
from alerts.sending.metrics import DeliveryMetrics
from alerts.sending.send_loop import Size
from alerts.worker.worker import WorkerParts, run
from bot.roles.startup_gc import freeze_startup_objects
from storage.clock import system_clock
from storage.redis.client import open_redis
from storage.sql.database import Database
from wechat.account import Account
from wechat.api.client import WeChatClient
from wechat.api.tokens import AccessTokens
from wechat.api.transport import Transport, open_http_client

TEMPLATES = {"deadline": {"id": "T", "fields": {"thing1": "{title}", "time2": "{closes_on}"}}}


async def main() -> None:
    """Say `begun` and work until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("database_url", "redis_url"):
        parser.add_argument(name)
    for name in ("port", "width"):
        parser.add_argument(name, type=int)
    chosen = parser.parse_args()
    transport = Transport(open_http_client(), f"http://127.0.0.1:{chosen.port}")
    redis = open_redis(chosen.redis_url)
    client = WeChatClient(transport, AccessTokens(transport, "wx", "secret", redis))
    outlet = Outlet(
        client,
        Account("wx"),
        Templates(TEMPLATES),
        "http://127.0.0.1",
        AlertLinks(b"bench", "http://127.0.0.1"),
    )
    parts = WorkerParts(
        Database.open(chosen.database_url),
        redis,
        outlet,
        system_clock,
        DeliveryMetrics.register(CollectorRegistry()),
        size=Size(width=chosen.width),
    )
    freeze_startup_objects()  # as bot.roles.serving does
    print("begun", flush=True)
    await run(parts)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    uvloop.run(main())
