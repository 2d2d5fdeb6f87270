"""`policybot followers sync`: our list of followers set right by WeChat's."""

import typer

from bot.commands.begin import begin
from bot.runtime.api_client import open_wechat, run_against_wechat
from bot.runtime.process import business_clock, open_database
from bot.runtime.settings import Settings
from subscriptions.members.syncing import SyncReport, sync_followers


def register(app: typer.Typer) -> None:
    """Add `followers`."""
    group = typer.Typer(help="The account's followers.", no_args_is_help=True)

    @group.callback()
    def followers() -> None:
        """The account's followers."""

    @group.command()
    def sync() -> None:
        """Page through WeChat's list once, and make up for missed follows and unfollows; runs nightly too."""
        report = run_against_wechat(synchronise(begin()))
        typer.echo(
            f"WeChat listed {report.listed:,} of {report.total:,} followers: "
            f"{report.new:,} new, {report.returned:,} returned, {report.gone:,} gone"
        )
        if not report.complete:
            typer.echo(
                "policybot: the list was empty or shorter than its own total; nobody was marked as gone",
                err=True,
            )
            raise typer.Exit(1)

    app.add_typer(group, name="followers")


async def synchronise(settings: Settings) -> SyncReport:
    """Pass once over WeChat's list."""
    async with open_database(settings) as database, open_wechat(settings) as wechat:
        clock = await business_clock(database, settings)
        return await sync_followers(database, clock, wechat.followers())
