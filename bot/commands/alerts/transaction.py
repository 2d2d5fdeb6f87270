"""How an alert command works on the database: one run, or one transaction that holds the change and its audit entry."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.campaign_states import CampaignError
from bot.runtime.process import business_clock, open_database
from storage.clock import Clock
from storage.sql.database import Database

_T = TypeVar("_T")


def in_transaction(do: Callable[[AsyncSession, datetime], Awaitable[_T]]) -> _T:
    """Run `do` in one transaction, with business time; a refusal is one line on stderr and exit code 1."""

    async def write(database: Database, clock: Clock) -> _T:
        async with database.write() as session:
            return await do(session, clock())

    return run(write)


def run(do: Callable[[Database, Clock], Awaitable[_T]]) -> _T:
    """Run `do` with the database and the business clock; a refusal is one line on stderr and exit code 1."""

    async def with_database() -> _T:
        async with open_database() as database:
            return await do(database, await business_clock(database))

    try:
        return asyncio.run(with_database())
    except CampaignError as error:
        typer.echo(f"policybot: {error}", err=True)
        raise typer.Exit(1) from None
