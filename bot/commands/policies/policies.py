"""`policybot policies check|import|export|diff`: the library as a file, as a document and in the database."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.commands.policies.evaluate import evaluate
from bot.commands.policies.policy_changes import lines_of_change, summary
from bot.commands.shell_user import shell_user
from bot.runtime.process import business_clock, open_database, read_settings
from bot.runtime.seeding import seeded_store
from console.access.audit import record
from console.services.draft_entries import record_draft
from policies.district.folder import NONE, LibraryFolder, library_folder, rules_in
from policies.district.models import MODELS
from policies.importing.document.errors import DocumentError
from policies.importing.proposal import Proposal
from policies.importing.review import apply, require_document, review
from policies.importing.structure.outline import Structure
from policies.library.changes import PolicyChange, changes_between
from policies.library.checking import Fault, check
from policies.library.library import Library, as_number
from policies.library.library_file import LIBRARY_FILE, dump_library, load_library
from policies.matching.benefits import load_benefits
from policies.matching.checking import check_benefits
from policies.matching.facts import load_facts
from policies.publishing.drafts import Drafts
from policies.publishing.revisions import SURROUNDINGS, Revision, RevisionError, change_of
from policies.publishing.store import PolicyStore
from storage.sql.database import Database

_LONGEST_NOTE, _LONGEST_NAME = 500, 200
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

    Of the file: shape, numbers, quotes, sums, tracks, departments. Of the benefits (benefits.json, facts.json): every
    quote stands in its clause, every condition and every sum names facts that exist and fit. Tracks, departments and
    benefits are those beside the file, else those of `BOT_LIBRARY`.
    """
    folder = _folder_of(file)
    file = folder.documents
    library = load_library(file) if file else Library()
    district, rules = folder.district(), rules_in(folder)
    benefits, facts = load_benefits(rules), load_facts(rules)
    texts = {policy.key: policy.text for policy in library.policies}
    faults = [str(fault) for fault in check(library, district.tracks, district.departments)]
    faults += [f"benefits.json: {fault}" for fault in check_benefits(benefits, facts, texts)]
    for fault in faults:
        typer.echo(f"policybot: {fault}", err=True)
    if faults:
        raise typer.Exit(1)
    amounts = sum(len(policy.amounts) for policy in library.policies)
    sections = sum(len(document.sections) for document in library.documents)
    typer.echo(
        f"{file.name if file else NONE}: {len(library.policies)} clauses in {sections} sections, "
        f"{amounts} sums, each quote in its text, each sum of the texts quoted; tracks and departments known"
    )
    typer.echo(
        f"benefits.json: {len(benefits)} benefits over {len(facts.all)} facts, each quote in its clause, "
        "each condition and sum over known facts"
    )


def _folder_of(file: Path | None) -> LibraryFolder:
    """The folder of a library file: its own where lists stand beside it, else that of the settings."""
    if file is not None and any(LibraryFolder(file, file.parent).file(part) for part in MODELS):
        return LibraryFolder(file, file.parent)
    known = library_folder(read_settings().library)
    return LibraryFolder(file, known.lists) if file else known


def import_command(
    document: Annotated[
        Path, typer.Argument(metavar="DOC", help="txt, docx or pdf", exists=True, dir_okay=False)
    ],
    make_drafts: Annotated[
        bool, typer.Option("--apply", help="Make drafts of the changes; someone else publishes them.")
    ] = False,
    document_id: Annotated[
        str,
        typer.Option("--document", metavar="ID", help="Whose edition it is; the default document otherwise."),
    ] = "",
    structure: Annotated[
        Structure, typer.Option(help="Which lines are the clauses; auto: told from the document.")
    ] = Structure.AUTO,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was read, and how it differs, as JSON.")
    ] = False,
) -> None:
    """Read a document and show what it changes (new, changed, gone); writes only with --apply.

    Exit 2 where the document can't be read, 1 where drafts can't be made.
    """
    try:
        proposal, drafts, faults, library = asyncio.run(
            _import(document.name, document.read_bytes(), structure, document_id, make_drafts=make_drafts)
        )
    except (DocumentError, RevisionError) as error:
        typer.echo(f"policybot: {document.name}: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, DocumentError) else 1) from None
    if as_json:
        typer.echo(proposal.report.model_dump_json(indent=1))
        return
    console = _console()
    _show_proposal(console, proposal, library)
    for fault in faults:
        console.print(Text(f"! {fault}；修改前不能发布", style="red"))
    if make_drafts:
        console.print(f"{len(drafts)} drafts made; publish them at the desk")
    elif proposal.changes or proposal.surroundings:
        console.print("nothing written; --apply makes drafts of these")


def export_command(
    file: Annotated[Path, typer.Argument(help="Where to; - is stdout.")] = LIBRARY_FILE,
) -> None:
    """Write the published clauses as a library file."""
    text = dump_library(asyncio.run(_published()))
    if str(file) == "-":
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


async def _import(
    name: str, raw: bytes, structure: Structure, document_id: str, *, make_drafts: bool
) -> tuple[Proposal, tuple[Revision, ...], tuple[Fault, ...], Library]:
    """The proposal, the drafts made of it, the faults that `policies.library.checking` finds, and what is published."""
    async with _opened() as (database, store, drafts):
        await require_document(store, document_id)
        proposal = await review(store, name, raw, structure, document_id)
        made = await _make_drafts(database, drafts, proposal, name) if make_drafts else ()
        clauses = [change.after for change in proposal.changes if change.after is not None]
        found = [fault for clause in clauses for fault in await drafts.faults_of(clause)]
        return proposal, made, tuple(found), await store.published()


async def _make_drafts(
    database: Database, drafts: Drafts, proposal: Proposal, name: str
) -> tuple[Revision, ...]:
    """Make the drafts, with the same audit entries as an import at the desk, in one transaction."""
    author = shell_user()
    async with database.write() as session:
        made = await apply(drafts, proposal, author=author, note=f"导入 {name}"[:_LONGEST_NOTE])
        after = {"文件": name[:_LONGEST_NAME], "草稿": len(made)}
        record(session, author, "导入汇编", ("edition", "draft"), after=after)
        for draft in made:
            await record_draft(session, drafts, author, "保存草稿", draft)
    return made


async def _published() -> Library:
    async with _opened() as (_, store, _):
        return await store.published()


async def _drafts() -> tuple[Library, list[tuple[PolicyChange | None, Revision]]]:
    async with _opened() as (_, store, drafts):
        current = await store.published_revisions()
        found = await drafts.open()
        return await store.published(), [
            (None if one.subject <= SURROUNDINGS else change_of(current.get(one.subject), one), one)
            for one in found
        ]


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[Database, PolicyStore, Drafts]]:
    """The database, the store and its drafts; an empty database is filled from the file that comes with the program."""
    async with open_database() as database:
        clock = await business_clock(database)
        store = await seeded_store(database, clock)
        yield database, store, Drafts(database, clock)


def _show_proposal(console: Console, proposal: Proposal, library: Library) -> None:
    _show(console, "", proposal.changes, library)
    for before, now in proposal.renumbered:
        console.print(f"{as_number(before)} → {as_number(now)}：编号变动")
    if proposal.surroundings:
        console.print("what surrounds the clauses changes (sections, preamble, contact)")
    for remark in proposal.remarks:
        console.print(Text(f"! {remark}", style="yellow"))
    console.print(summary(proposal.changes))


def _show(console: Console, heading: str, changes: Sequence[PolicyChange], library: Library) -> None:
    if heading and changes:
        console.print(f"{heading}: {summary(changes)}")
    for change in changes:
        for line in lines_of_change(change, library, colour=console.is_terminal):
            console.print(line, soft_wrap=True)


def _console() -> Console:
    return Console(highlight=False, markup=False)
