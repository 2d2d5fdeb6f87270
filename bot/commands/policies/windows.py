"""`policybot windows import FILE`: application windows from a file, all of it or nothing."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.shell_user import shell_user
from bot.runtime.process import business_clock, open_database
from bot.runtime.seeding import seeded_store
from console.access.entries import record_windows
from policies.library.library import Library
from policies.windows.application_windows import Windows
from policies.windows.window import WindowImport
from policies.windows.window_fields import RowFault, WindowFileError, closing_words, shown


def register(app: typer.Typer) -> None:
    """Add `windows`."""
    group = typer.Typer(help="Application windows (申报期).", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("import")(import_command)
    app.add_typer(group, name="windows")


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
) -> None:
    """Take in a CSV or XLSX of windows, heads in English or Chinese; all of the file or nothing.

    A window with the same clause, title and first day takes the new closing day and link.
    """
    try:
        done, remarks, library = asyncio.run(_import(file.read_bytes()))
    except WindowFileError as error:
        for fault in error.faults:
            typer.echo(f"policybot: {file.name} {fault}", err=True)
        typer.echo("policybot: 没有导入任何内容", err=True)
        raise typer.Exit(1) from None
    console = Console(highlight=False, markup=False)
    for remark in shown(remarks):
        console.print(f"! {remark}")
    for window in done.added:
        console.print(
            f"+ {library.name_of(window.policy_id)} {window.title}：{window.opens_on} 至 {closing_words(window.closes_on)}"
        )
    for change in done.changed:
        window, old = change.window, change.old_closes_on
        moved = (
            f"截止日期 {closing_words(old)} → {closing_words(window.closes_on)}"
            if change.closes_moved
            else f"链接 → {window.url or '（无）'}"
        )
        console.print(f"~ {library.name_of(window.policy_id)} {window.title}：{moved}")
    console.print(f"{len(done.added)} added, {len(done.changed)} changed, {done.unchanged} as before")


async def _import(raw: bytes) -> tuple[WindowImport, tuple[RowFault, ...], Library]:
    async with open_database() as database:
        clock = await business_clock(database)
        store = await seeded_store(database, clock)
        windows = Windows(database, clock)
        reading = await windows.read_file(raw)
        async with database.write() as session:
            taken = await windows.put(reading.rows)
            record_windows(session, shell_user(), taken)
        return taken, reading.remarks, await store.published()
