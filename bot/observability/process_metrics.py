"""Metrics of any process of ours: whether its stores answer, how late its event loop is, how its clock stands."""

import asyncio
import time
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.pool import QueuePool

from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS

_LAG_S = 1.0
_ASK_S = 15.0
_LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)


class ProcessMetrics:
    """Checks the event loop once a second, and the stores every quarter of a minute.

    `up` is 1 if a store answers this process. A firewall or a wrong name shows in one process only.
    """

    def __init__(self, registry: CollectorRegistry, database: Database, redis: Redis) -> None:
        self._database = database
        self._redis = redis
        self._lag = Histogram(
            "policybot_event_loop_lag_seconds",
            "By how much a timer of the event loop is late.",
            buckets=_LAGS,
            registry=registry,
        )
        self._up = Gauge(
            "policybot_store_up",
            "Whether the store answers this process.",
            ["store"],
            registry=registry,
            multiprocess_mode="livemin",
        )
        self._taken = Gauge(
            "policybot_database_connections_in_use",
            "Connections to the database in use.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._clock = Gauge(
            "policybot_clock_offset_seconds",
            "The machine's clock minus the database's.",
            registry=registry,
            multiprocess_mode="livemostrecent",
        )
        ProcessCollector(registry=registry)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        loop = asyncio.get_running_loop()
        ask_at = loop.time()
        while True:
            if loop.time() >= ask_at:
                ask_at = loop.time() + _ASK_S
                await self.ask()
            due = loop.time() + _LAG_S
            await asyncio.sleep(_LAG_S)
            self._lag.observe(max(0.0, loop.time() - due))
            pool = self._database.engine.pool
            self._taken.set(pool.checkedout() if isinstance(pool, QueuePool) else 0)

    async def ask(self) -> None:
        """Ask both stores once."""
        try:
            before = time.time()
            (now,) = await self._database.look(select(func.now()))
            if isinstance(now, datetime):
                here = datetime.fromtimestamp((before + time.time()) / 2, UTC)
                theirs = now if now.tzinfo else now.replace(tzinfo=UTC)
                self._clock.set((here - theirs).total_seconds())
            self._up.labels("database").set(1)
        except DATABASE_ERRORS:
            self._up.labels("database").set(0)
        try:
            await self._redis.ping()
            self._up.labels("redis").set(1)
        except (RedisError, OSError):
            self._up.labels("redis").set(0)
