"""`policybot windows import CSV`: application windows from a file, all of it or nothing."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.shell_user import shell_user
from bot.process import business_clock, open_database
from console.window_entries import record_windows
from policies.compendium import load_compendium
from policies.store import PolicyStore
from policies.tracks import load_tracks
from policies.window_files import WindowFileError
from policies.windows import WindowImport, Windows


def register(app: typer.Typer) -> None:
    """Add `windows`."""
    group = typer.Typer(help="Application windows (申报期).", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("import")(import_command)
    app.add_typer(group, name="windows")


def import_command(
    file: Annotated[Path, typer.Argument(metavar="CSV", exists=True, dir_okay=False, readable=True)],
) -> None:
    """Take in `policy_id,opens_on,closes_on,title,url` (UTF-8 or GB18030); all of the file or nothing.

    A window with the same clause, title and first day takes the new closing day and link.
    """
    try:
        done = asyncio.run(_import(file.read_bytes()))
    except WindowFileError as error:
        for fault in error.faults:
            typer.echo(f"policybot: {file.name} {fault}", err=True)
        typer.echo("policybot: nothing was taken", err=True)
        raise typer.Exit(1) from None
    console = Console(highlight=False, markup=False)
    for window in done.added:
        console.print(f"+ 第 {window.policy_id} 条 {window.title}：{window.opens_on} 至 {window.closes_on}")
    for change in done.changed:
        window, old = change.window, change.old_closes_on
        moved = (
            f"截止日期 {old} → {window.closes_on}"
            if change.closes_moved
            else f"链接 → {window.url or '（无）'}"
        )
        console.print(f"~ 第 {window.policy_id} 条 {window.title}：{moved}")
    console.print(f"{len(done.added)} added, {len(done.changed)} changed, {done.unchanged} as before")


async def _import(raw: bytes) -> WindowImport:
    async with open_database() as database:
        clock = await business_clock(database)
        await PolicyStore(database, clock).seed(load_compendium(), load_tracks())
        async with database.write() as session:
            taken = await Windows(database, clock).import_csv(raw)
            record_windows(session, shell_user(), taken)
        return taken
