"""A database whose connections a test breaks."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bench.cluster.gateway import Gateway, gateway_to
from storage.sql.database import Database
from subscriptions.tables import Member


@pytest.fixture
async def road(postgres_url: str) -> AsyncIterator[tuple[Gateway, Database]]:
    """A PostgreSQL behind a gateway."""
    async with gateway_to(postgres_url) as (gateway, url):
        database = Database.open(url)
        yield gateway, database
        await database.close()


async def members(database: Database) -> int:
    """Count the members."""
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(Member)) or 0
