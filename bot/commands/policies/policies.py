"""`policybot policies check|import|export|diff`: the library as a file, as a document and in the database."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.policies.evaluate import evaluate
from bot.commands.policies.import_edition import import_command
from bot.commands.policies.opened import opened
from bot.commands.policies.policy_changes import lines_of_change, summary
from bot.runtime.process import read_settings
from policies.district.folder import NONE, LibraryFolder, library_folder, rules_in
from policies.district.models import MODELS
from policies.library.changes import PolicyChange, changes_between
from policies.library.checking import check
from policies.library.library import Library
from policies.library.library_file import LIBRARY_FILE, dump_library, load_library
from policies.matching.benefits import Benefit, load_benefits
from policies.matching.checking import check_benefits
from policies.matching.facts import load_facts
from policies.publishing.revisions import SURROUNDINGS, Revision, change_of

FileArgument = Annotated[Path, typer.Argument(help="A library file.", dir_okay=False)]


def register(app: typer.Typer) -> None:
    """Add `policies`."""
    group = typer.Typer(help="The library: check, import, export, compare.", no_args_is_help=True)
    group.command("check")(check_command)
    group.command("import")(import_command)
    group.command("export")(export_command)
    group.command("diff")(diff_command)
    group.command("evaluate")(evaluate)
    app.add_typer(group, name="policies")


def check_command(
    file: Annotated[
        Path | None, typer.Argument(help="A library file; by default that of BOT_LIBRARY.", dir_okay=False)
    ] = None,
) -> None:
    """Prove a library file, and the benefits that companies are matched with; exit 1 where something is wrong.

    Of the file: shape, numbers, quotes, sums, tracks, departments. What a document itself does not print, or a department
    that only a document prints, is a remark. Of the benefits (benefits.json, facts.json): every
    quote stands in its clause, every condition and every sum names facts that exist and fit. Tracks, departments and
    benefits are those beside the file, else those of `BOT_LIBRARY`.
    """
    folder = _folder_of(file)
    file = folder.documents
    library = load_library(file) if file else Library()
    district, rules = folder.district(), rules_in(folder)
    benefits, facts = load_benefits(rules, drafts=True), load_facts(rules)
    texts = {policy.key: policy.text for policy in library.policies}
    found = check(library, district.tracks, district.departments)
    remarks = [fault for fault in found if fault.is_of_the_document]
    faults = [str(fault) for fault in found if not fault.is_of_the_document]
    faults += [f"benefits.json: {fault}" for fault in check_benefits(benefits, facts, texts)]
    for remark in remarks:
        typer.echo(f"! {remark}", err=True)
    for fault in faults:
        typer.echo(f"policybot: {fault}", err=True)
    if faults:
        raise typer.Exit(1)
    amounts = sum(len(policy.amounts) for policy in library.policies)
    sections = sum(len(document.sections) for document in library.documents)
    typer.echo(
        f"{file.name if file else NONE}: {len(library.policies)} clauses in {sections} sections, "
        f"{amounts} sums, each quote in its text, each sum of the texts quoted; tracks and departments "
        + (f"known but for {len(remarks)} remarks" if remarks else "known")
    )
    typer.echo(
        f"benefits.json: {len(benefits)} benefits{_unfinished(benefits)} over {len(facts.all)} facts, each quote in its clause, "
        "each condition and sum over known facts"
    )


def _unfinished(benefits: Sequence[Benefit]) -> str:
    drafts = sum(benefit.draft for benefit in benefits)
    return f" ({drafts} of them drafts, which match nobody)" if drafts else ""


def _folder_of(file: Path | None) -> LibraryFolder:
    """Return the folder of a library file: its own if lists stand beside it, otherwise that of the settings."""
    if file is not None and any(LibraryFolder(file, file.parent).file(part) for part in MODELS):
        return LibraryFolder(file, file.parent)
    known = library_folder(read_settings().library)
    return LibraryFolder(file, known.lists) if file else known


def export_command(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; without it, or with -, to stdout.")
    ] = None,
) -> None:
    """Write the published clauses as a library file."""
    text = dump_library(asyncio.run(_published()))
    if file is None or str(file) == "-":
        sys.stdout.write(text)
        return
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
    typer.echo(f"{file}: written", err=True)


def diff_command(file: FileArgument = LIBRARY_FILE) -> None:
    """Compare drafts with the published clauses, and these with a file; exit 1 if something differs."""
    known = load_library(file)
    published, drafts = asyncio.run(_drafts())
    console = _console()
    open_changes = [change for change, _ in drafts if change is not None]
    for change, draft in drafts:
        if change is None:
            console.print(f"draft by {draft.author}: what surrounds the clauses", markup=False)
    _show(console, "drafts against what is published", open_changes, published)
    from_file = changes_between(known.policies, published.policies)
    _show(console, f"what is published against {file.name}", from_file, published)
    around = [document.surroundings for document in known.documents] != [
        document.surroundings for document in published.documents
    ]
    if around:
        console.print(f"what surrounds the clauses differs from {file.name}")
    if drafts or from_file or around:
        raise typer.Exit(1)
    console.print(f"no drafts, and {file.name} is what is published")


async def _published() -> Library:
    async with opened() as parts:
        return await parts.store.published()


async def _drafts() -> tuple[Library, list[tuple[PolicyChange | None, Revision]]]:
    async with opened() as parts:
        current = await parts.store.published_revisions()
        found = await parts.drafts.open()
        return await parts.store.published(), [
            (None if one.subject <= SURROUNDINGS else change_of(current.get(one.subject), one), one)
            for one in found
        ]


def _show(console: Console, heading: str, changes: Sequence[PolicyChange], library: Library) -> None:
    if heading and changes:
        console.print(f"{heading}: {summary(changes)}")
    for change in changes:
        for line in lines_of_change(change, library, colour=console.is_terminal):
            console.print(line, soft_wrap=True)


def _console() -> Console:
    return Console(highlight=False, markup=False)
