"""`policybot menu show|diff|push`: the custom menu as declared in `handlers/framework/menu.py`."""

import asyncio
from typing import Any

import typer

from bot.runtime.api_client import open_wechat, run_against_wechat
from bot.runtime.process import attached, open_database, read_settings
from bot.runtime.seeding import seeded_store
from bot.runtime.settings import Settings
from handlers.framework.menu import as_buttons, as_lines, difference, labels_of
from policies.district.models import DistrictPart
from storage.clock import system_clock


def register(app: typer.Typer) -> None:
    """Add `menu`."""
    group = typer.Typer(help="The account's custom menu.", no_args_is_help=True)

    @group.command()
    def show() -> None:
        """Print the declared menu, a line a button."""
        typer.echo("\n".join(as_lines(asyncio.run(declared_menu(attached(read_settings()))))))

    @group.command()
    def diff() -> None:
        """Show what a push would change; exit code 1 if the menu at WeChat differs."""
        lines = run_against_wechat(menu_difference(attached(read_settings())))
        if lines:
            typer.echo("\n".join(lines))
            raise typer.Exit(1)
        typer.echo("the menu at WeChat is the declared one")

    @group.command()
    def push() -> None:
        """Put the declared menu to WeChat; followers see it within five minutes."""
        run_against_wechat(push_menu(attached(read_settings())))
        typer.echo("the menu at WeChat is the declared one now")

    app.add_typer(group, name="menu")


async def declared_menu(settings: Settings) -> list[dict[str, Any]]:
    """Return the buttons of `handlers/framework/menu.py`, with the labels of the district."""
    async with open_database(settings) as database:
        store = await seeded_store(database, system_clock, settings)
        texts, rules = (await store.district()).texts, await store.rules()
    return as_buttons(
        settings.effective_public_url, labels_of(texts.menu, can_match=bool(rules.get(DistrictPart.BENEFITS)))
    )


async def menu_difference(settings: Settings) -> list[str]:
    """Return the lines that a push would change; [] if none."""
    async with open_wechat(settings) as wechat:
        return difference(await wechat.menu_get(), await declared_menu(settings))


async def push_menu(settings: Settings) -> None:
    """Replace the menu at WeChat by the declared one."""
    async with open_wechat(settings) as wechat:
        await wechat.menu_create(await declared_menu(settings))
