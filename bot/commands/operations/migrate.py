"""`policybot migrate`: brings the database to this version's schema, before any process of it starts."""

import asyncio

import typer

from bot.commands.begin import begin
from bot.runtime.process import open_database
from bot.runtime.settings import Settings


def register(app: typer.Typer) -> None:
    """Add `migrate`."""
    app.command()(migrate)


def migrate() -> None:
    """Bring the database to the current schema, whatever BOT_MIGRATE says; a second run does nothing."""
    asyncio.run(_migrate(begin().model_copy(update={"migrate": True})))
    typer.echo("数据库结构已是最新。")


async def _migrate(settings: Settings) -> None:
    async with open_database(settings):
        pass
