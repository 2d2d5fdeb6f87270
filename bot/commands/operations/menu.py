"""`policybot menu show|diff|push`: the custom menu as declared in `handlers/framework/menu.py`."""

import typer

from bot.runtime.api_client import open_wechat, run_against_wechat
from bot.runtime.process import attached, read_settings
from bot.runtime.settings import Settings
from handlers.framework.menu import as_buttons, as_lines, difference


def register(app: typer.Typer) -> None:
    """Add `menu`."""
    group = typer.Typer(help="The account's custom menu.", no_args_is_help=True)

    @group.command()
    def show() -> None:
        """Print the declared menu, a line a button."""
        typer.echo("\n".join(as_lines(as_buttons(attached(read_settings()).effective_public_url))))

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


async def menu_difference(settings: Settings) -> list[str]:
    """The lines that a push would change; [] if none."""
    async with open_wechat(settings) as wechat:
        return difference(await wechat.menu_get(), as_buttons(settings.effective_public_url))


async def push_menu(settings: Settings) -> None:
    """Replace the menu at WeChat by the declared one."""
    async with open_wechat(settings) as wechat:
        await wechat.menu_create(as_buttons(settings.effective_public_url))
