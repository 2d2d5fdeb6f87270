"""`policybot library export|import|check DIR`: a library as a folder, for another installation or this one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shell_user import shell_user
from bot.runtime.process import business_clock, open_database, read_settings
from bot.runtime.seeding import seeded_store
from console.access.audit import record
from console.access.audited import differing
from console.district.showing import PART_NAMES, lines_of
from policies.approval.errors import RevisionError
from policies.district.checking import faults_of
from policies.district.folder import library_folder, write_district
from policies.district.models import MODELS, District, DistrictPart
from policies.district.store import DistrictStore
from policies.library.library import Library
from policies.library.library_file import dump_library, load_library
from policies.publishing.store import PolicyStore
from policies.search.reading.offices import unlisted_departments
from storage.sql.database import Database

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", file_okay=False)]


def register(app: typer.Typer) -> None:
    """Add `library`."""
    group = typer.Typer(
        help="A library as a folder: documents, tracks, departments, places, texts.", no_args_is_help=True
    )
    group.command("export")(export_command)
    group.command("import")(import_command)
    group.command("check")(check_command)
    app.add_typer(group, name="library")


def export_command(folder: FolderArgument) -> None:
    """Write what is published and in effect to a folder; `BOT_LIBRARY=DIR` begins a new installation with it.

    Departments that only a document prints are written too: a folder has every department that its clauses name.
    """
    library, district = asyncio.run(_read())
    printed = unlisted_departments(district.departments, library.policies)
    district = replace(district, departments=(*district.departments, *printed))
    files = write_district(folder, district)
    documents = folder / "policies.json"
    documents.write_text(dump_library(library), encoding="utf-8")
    for file in (documents, *files):
        typer.echo(f"{file}: written", err=True)


def import_command(folder: FolderArgument) -> None:
    """Put tracks, departments, places and texts of a folder in effect at once; a missing file changes nothing.

    Documents are left alone: `policybot documents add` and `policybot policies import` take those. Without a second
    person, by the authority of whoever has the shell; the audit log says so, and the desk can take it back.
    """
    found = library_folder(str(folder))
    district = found.district()
    parts = [part for part in MODELS if found.file(part)]
    try:
        changed = asyncio.run(_replace(district, parts))
    except RevisionError as error:
        typer.echo(f"policybot: {folder}: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{folder}: {', '.join(changed) or 'nothing'} changed, in effect within a second")


def check_command(folder: FolderArgument) -> None:
    """Prove the files of a folder against each other; exit 1 where something is wrong."""
    found = library_folder(str(folder))
    district = found.district()
    library = load_library(found.documents) if found.documents else Library()
    tracks = {track for policy in library.policies for track in policy.tracks}
    departments = {name for policy in library.policies for name in policy.departments}
    faults = [
        f"{part}.json: {fault}"
        for part in MODELS
        for fault in faults_of(district.part(part), tracks_used=tracks, departments_used=departments)
    ]
    for fault in faults:
        typer.echo(f"policybot: {folder / fault}", err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo(
        f"{folder}: {len(library.documents)} documents with {len(library.policies)} clauses, "
        f"{len(district.tracks.tracks)} tracks, {len(district.departments)} departments; they fit"
    )


async def _read() -> tuple[Library, District]:
    async with _opened() as (_, store, district):
        return await store.published(), await district.read()


async def _replace(district: District, parts: list[DistrictPart]) -> list[str]:
    """Put the parts in effect that differ, in one transaction, each with its audit entry; returns their names."""
    changed = []
    async with _opened() as (database, _, store):
        before = await store.read()
        author = shell_user()
        async with database.write() as session:
            for part in parts:
                old, new = before.part(part), district.part(part)
                if old == new:
                    continue
                await store.replace(part, new, by=author)
                sides = differing(lines_of(old), lines_of(new))
                record(session, author, "导入本区资料", ("district", part), before=sides[0], after=sides[1])
                changed.append(PART_NAMES.get(part, part))
    return changed


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[Database, PolicyStore, DistrictStore]]:
    settings = read_settings()
    async with open_database(settings) as database:
        clock = await business_clock(database, settings)
        yield database, await seeded_store(database, clock, settings), DistrictStore(database, clock)
