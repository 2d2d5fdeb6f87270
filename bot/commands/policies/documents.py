"""`policybot documents list|add|name|default|retire`: the documents of the library, by the authority of whoever has the shell."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.shell_user import shell_user
from bot.runtime.process import business_clock, open_database
from bot.runtime.seeding import seeded_store
from console.access.audit import record
from console.access.entries import record_short_name
from policies.approval.errors import RevisionError
from policies.importing.document.errors import DocumentError
from policies.importing.review import review
from policies.importing.structure.outline import Structure
from policies.library.checking import Fault, FaultKind
from policies.library.models import Document
from policies.publishing.documents import Documents, DocumentState
from policies.publishing.store import PolicyStore
from storage.sql.database import Database

_LONGEST_NAME = 150
_FAULTS_SHOWN = 20
_STATES = {(False, False): "", (True, False): "默认", (False, True): "已停用", (True, True): "已停用"}

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="As `documents list` shows it.")]


def register(app: typer.Typer) -> None:
    """Add `documents`."""
    group = typer.Typer(help="The documents of the library.", no_args_is_help=True)
    group.command("list")(list_command)
    group.command("add")(add_command)
    group.command("name")(name_command)
    group.command("default")(default_command)
    group.command("retire")(retire_command)
    app.add_typer(group, name="documents")


def list_command(
    as_json: Annotated[bool, typer.Option("--json", help="A JSON array instead of a table.")] = False,
) -> None:
    """Show every document: id, title, edition, clauses; which is the default one, which are retired."""
    found = asyncio.run(_all())
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    if not found:
        typer.echo("no documents yet; policybot documents add FILE --id ID")
        return
    table = Table("id", "title", "short name", "issuer", "edition", "clauses", "")
    for one in found:
        state = _STATES[one.is_default, one.retired]
        table.add_row(one.id, one.title, one.short_name, one.issuer, one.edition, str(one.clauses), state)
    Console(highlight=False, markup=False).print(table)


def add_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="txt, docx or pdf", exists=True, dir_okay=False)
    ],
    *,
    document_id: Annotated[
        str,
        typer.Option("--id", help="Small letters, digits, - and _; stays through the document's editions."),
    ],
    title: Annotated[str, typer.Option(help="Instead of the title that the document prints.")] = "",
    structure: Annotated[
        Structure, typer.Option(help="Which lines are the clauses; auto: told from the document.")
    ] = Structure.AUTO,
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what would be published and what it lacks; write nothing.")
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="In a terminal too, publish what lacks something without a question."),
    ] = False,
) -> None:
    """Import a new document and publish it at once, without a second person; the audit log says so.

    What its clauses lack is said before; in a terminal it is asked whether to publish all the same. Followers of its
    tracks are told as of any publication. Exit 2 if the file can't be read, 1 if it isn't published.
    """
    new = _New(file.name, file.read_bytes(), document_id, title, structure)
    try:
        published = asyncio.run(_add(new, preview=preview, ask=not yes and sys.stdin.isatty()))
    except (DocumentError, RevisionError) as error:
        typer.echo(f"policybot: {file.name}: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, DocumentError) else 1) from None
    if not (published or preview):
        raise typer.Exit(1)


def name_command(
    document_id: IdArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Empty: made of the title again.")],
) -> None:
    """Give a document the short name that stands before the numbers of its clauses once there are several documents."""
    _run(_name(document_id, name))
    typer.echo(f"{document_id}: {f'called 《{name}》' if name else 'called by its title'}")


def default_command(document_id: IdArgument) -> None:
    """Let a bare number (第22条) mean the clauses of this document."""
    _run(_make_default(document_id))
    typer.echo(f"{document_id}: the default document")


def retire_command(document_id: IdArgument) -> None:
    """Take a document out of answers, pages and search. Its clauses and their history stay in the database."""
    document = _run(_retire(document_id))
    typer.echo(f"{document_id}: 《{document.title}》 retired")


def _run(step: Coroutine[Any, Any, Document]) -> Document:
    try:
        return asyncio.run(step)
    except RevisionError as error:
        typer.echo(f"policybot: {error}", err=True)
        raise typer.Exit(1) from None


async def _all() -> tuple[DocumentState, ...]:
    async with _opened() as (_, _, documents):
        return await documents.all()


@dataclass(frozen=True, slots=True)
class _New:
    """A document to add, as the command line describes it."""

    name: str
    raw: bytes
    id: str
    title: str
    structure: Structure


async def _add(new: _New, *, preview: bool, ask: bool) -> bool:
    """Say what the document lacks, then publish it; whether it was published."""
    async with _opened() as (database, store, documents):
        await documents.refuse_taken(new.id)
        proposal = await review(store, new.name, new.raw, new.structure, new.id)
        document = proposal.document.model_copy(update={"title": new.title or proposal.document.title})
        note = f"导入 {new.name}"[:_LONGEST_NAME]
        faults = await documents.foreseen(document, by=shell_user(), note=note)
        _say_what_lacks(proposal.remarks, faults)
        what = f"{new.id}: 《{document.title}》, {len(document.policies)} clauses"
        if preview:
            typer.echo(f"{what}; nothing written, without --preview they are published at once")
            return False
        if ask and faults and not typer.confirm(f"{what}；仍要现在发布？", default=False, err=True):
            typer.echo("没有发布", err=True)
            return False
        async with database.write() as session:
            await documents.add(document, by=shell_user(), note=note)
            after = {
                "文件": new.name[:_LONGEST_NAME],
                "标题": document.title,
                "条款": len(document.policies),
            }
            record(session, shell_user(), "新增文件并发布", ("document", new.id), after=after)
        typer.echo(f"{what} published")
        return True


def _say_what_lacks(remarks: Sequence[str], faults: Sequence[Fault]) -> None:
    for line in (*remarks, *faults[:_FAULTS_SHOWN]):
        typer.echo(f"! {line}", err=True)
    if len(faults) > _FAULTS_SHOWN:
        typer.echo(f"! 另有 {len(faults) - _FAULTS_SHOWN} 处待补充", err=True)
    if any(fault.kind is FaultKind.NOT_LISTED for fault in faults):
        typer.echo("! 部门在工作台“本区资料 → 部门”登记；登记之前，按部门查不全这份文件", err=True)
    if faults:
        typer.echo(f"! 共 {len(faults)} 处不完整，可在工作台“政策库”逐条补充", err=True)


async def _name(document_id: str, name: str) -> Document:
    async with _opened() as (database, _, documents), database.write() as session:
        before, document = await documents.give_short_name(document_id, name)
        record_short_name(session, shell_user(), document, before)
        return document


async def _make_default(document_id: str) -> Document:
    async with _opened() as (database, store, documents):
        before = (await store.published()).default
        async with database.write() as session:
            document = await documents.make_default(document_id)
            subject = ("document", document_id)
            sides = {"默认文件": before}, {"默认文件": document_id}
            record(session, shell_user(), "更换默认文件", subject, before=sides[0], after=sides[1])
        return document


async def _retire(document_id: str) -> Document:
    async with _opened() as (database, _, documents), database.write() as session:
        document = await documents.retire(document_id)
        before = {"标题": document.title, "条款": len(document.policies)}
        record(session, shell_user(), "停用文件", ("document", document_id), before=before)
        return document


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[Database, PolicyStore, Documents]]:
    async with open_database() as database:
        clock = await business_clock(database)
        yield database, await seeded_store(database, clock), Documents(database, clock)
