"""The check for a restored database that a start makes, for commands that run before or beside the processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.runtime.process import data_folder, redis_url
from bot.runtime.settings import Settings
from bot.upkeep.restore_detection import RestoreDetector
from storage.redis.client import open_redis
from storage.sql.database import Database


@asynccontextmanager
async def restore_detector(settings: Settings, database: Database) -> AsyncIterator[RestoreDetector]:
    """Open the detector of this deployment. Without a Redis it only looks at the note in the data folder."""
    address = redis_url(settings)
    redis = open_redis(address) if address else None
    try:
        yield RestoreDetector(database, data_folder(settings).path, redis)
    finally:
        if redis is not None:
            await redis.aclose()
