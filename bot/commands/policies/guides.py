"""`policybot guides import FILE | export`: how clauses are applied for (怎么办), from a file and as one."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shell_user import shell_user
from bot.runtime.process import business_clock, open_database
from bot.runtime.seeding import seeded_store
from console.access.entries import record_guides
from console.guides.pages import listed
from policies.guides.drafts import GuideDrafts
from policies.guides.guide_files import GuideFileError, clause_finder, guides_of, write_guides
from policies.guides.store import GuideStore
from policies.guides.task import read_guides_apart
from storage.clock import day_of


def register(app: typer.Typer) -> None:
    """Add `guides`."""
    group = typer.Typer(
        help="Guides (怎么办): materials, place, telephone of a clause.", no_args_is_help=True
    )
    group.command("import")(import_command)
    group.command("export")(export_command)
    app.add_typer(group, name="guides")


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
) -> None:
    """Take in a CSV or XLSX of guides, heads in English or Chinese, and publish them; all of the file or nothing.

    A column that the file does not have stays as it is. At the desk the same file makes drafts for a second person.
    """
    try:
        changed, names = asyncio.run(_import(file.read_bytes()))
    except GuideFileError as error:
        for fault in error.faults:
            typer.echo(f"policybot: {file.name} {fault}", err=True)
        typer.echo("policybot: 没有导入任何内容", err=True)
        raise typer.Exit(1) from None
    for key in changed:
        typer.echo(f"~ {names[key]}")
    typer.echo(f"{len(changed)} published, {len(names) - len(changed)} as before")


def export_command() -> None:
    """Write the published guides as CSV to stdout; `import` takes it back."""
    sys.stdout.write(asyncio.run(_export()))


async def _import(raw: bytes) -> tuple[tuple[int, ...], dict[int, str]]:
    """Return the clauses whose guide is another now, and the name of each clause in the file."""
    async with open_database() as database:
        clock = await business_clock(database)
        store = await seeded_store(database, clock)
        library = await store.published()
        rows = await read_guides_apart(raw)
        known = dict((await GuideStore(database).book()).all())
        guides = guides_of(rows, clause_finder(library), known, day_of(clock()))
        async with database.write() as session:
            changed = await GuideDrafts(database, clock).publish_at_once(guides, author=shell_user())
            taken = {key: guides[key] for key in changed}
            record_guides(session, shell_user(), "发布指南", known, taken)
        return changed, {key: library.name_of(key) for key in guides}


async def _export() -> str:
    async with open_database() as database:
        store = await seeded_store(database, await business_clock(database))
        return write_guides(listed(await store.published(), (await GuideStore(database).book()).all()))
