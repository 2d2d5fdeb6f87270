"""`policybot policies import DOC`: a new edition as a table of pairs; with --apply its drafts."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.commands.policies.opened import Opened, opened
from bot.commands.policies.policy_changes import lines_of_change, summary
from bot.commands.shell_user import shell_user
from console.access.audit import record
from console.access.entries import record_draft
from policies.approval.errors import RevisionError
from policies.importing.document.errors import DocumentError
from policies.importing.edition_import import EditionImport, Fates
from policies.importing.proposal.propose import Proposal
from policies.importing.review import require_document, review
from policies.importing.structure.outline import Structure
from policies.library.checking import Fault
from policies.library.library import Library, as_number
from policies.publishing.belongings import HeldThings
from policies.publishing.revisions import Revision

_QUIET = {"unchanged", "moved", "renumbered"}
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options that say, by labels, what happens to the things of clauses that go."""

    hand_over: dict[str, str]
    end: frozenset[str]

    @classmethod
    def of(cls, hand_over: Sequence[str], end: Sequence[str]) -> "Wishes":
        """Read the options.

        Raises:
            typer.BadParameter: one has no OLD=NEW.
        """
        pairs = [one.partition("=") for one in hand_over]
        if any(not (old and sign and new) for old, sign, new in pairs):
            raise typer.BadParameter("--hand-over takes OLD=NEW, such as 12=14")
        return cls({old: new for old, _, new in pairs}, frozenset(end))

    def fates(self, one: EditionImport, held: dict[int, dict[str, HeldThings]]) -> Fates:
        """Return the decisions for the things of clauses that go. Without an option, a joined clause gives them to the other one.

        Raises:
            RevisionError: a clause that is to get things is not in the new edition.
        """
        labels = (
            {policy.key: policy.path or policy.label for policy in one.before.policies} if one.before else {}
        )
        news = {policy.path or policy.label for policy in one.proposal.document.policies}
        paths = {policy.key: policy.path or policy.label for policy in one.proposal.document.policies}
        joined = {key: paths.get(kin.key) for key, kin in one.proposal.kin.items()}
        found: dict[int, dict[str, str | None]] = {}
        for key, kinds in held.items():
            label = labels.get(key, "")
            to = self.hand_over.get(label, None if label in self.end else joined.get(key))
            if to is not None and to not in news:
                raise RevisionError(f"新版没有{as_number(to)}，不能移交")
            if to is not None or label in self.end:
                found[key] = dict.fromkeys(kinds, to)
        return found


def import_command(
    document: Annotated[
        Path, typer.Argument(metavar="DOC", help="txt, docx or pdf", exists=True, dir_okay=False)
    ],
    *,
    make_drafts: Annotated[
        bool, typer.Option("--apply", help="Make drafts of the changes; someone else publishes them.")
    ] = False,
    structure: Annotated[
        Structure, typer.Option(help="Which lines are the clauses; auto: told from the document.")
    ] = Structure.AUTO,
    edition_of: Annotated[
        str, typer.Option("--document", metavar="ID", help="Of which document; the default one if not given.")
    ] = "",
    hand_over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OLD=NEW",
            help="What hangs on a clause that goes: give it to a clause of the new edition.",
        ),
    ] = None,
    end: Annotated[
        list[str] | None, typer.Option(metavar="OLD", help="What hangs on a clause that goes: end it.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was read, and how it differs, as JSON.")
    ] = False,
) -> None:
    """Read a document and show it clause by clause beside what is published; writes only with --apply.

    Exit 2 if the document can't be read, 1 if drafts can't be made.
    """
    asked = _Asked(
        document.name, document.read_bytes(), edition_of, structure, Wishes.of(hand_over or (), end or ())
    )
    try:
        asyncio.run(_import(asked, make_drafts=make_drafts, as_json=as_json))
    except (DocumentError, RevisionError) as error:
        typer.echo(f"policybot: {document.name}: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, DocumentError) else 1) from None


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    raw: bytes
    document: str
    structure: Structure
    wishes: Wishes


async def _import(asked: _Asked, *, make_drafts: bool, as_json: bool) -> None:
    async with opened() as parts:
        library = await parts.store.published()
        held: dict[str, list[str]] = {}
        made: tuple[Revision, ...] = ()
        if make_drafts:
            proposal, made = await _make_drafts(parts, asked)
        else:
            await require_document(parts.store, asked.document)
            proposal = await review(parts.store, asked.name, asked.raw, asked.structure, asked.document)
            held = await _held(parts, proposal, library)
        if as_json:
            typer.echo(
                proposal.report.model_dump_json(indent=1, exclude={"pairs": {"__all__": {"continues"}}})
            )
            return
        console = Console(highlight=False, markup=False)
        _show(console, proposal, library, held)
        for fault in await _faults(parts, proposal):
            console.print(Text(f"! {fault}；修改前不能发布", style="red"))
    if make_drafts:
        console.print(f"{len(made)} drafts made; publish them at the desk")
        if proposal.benefits:
            console.print(
                "benefits drafted from the sums of new clauses: complete them at the desk (企业对照)"
            )
    elif proposal.changes or proposal.surroundings:
        console.print("nothing written; --apply makes drafts of these")


async def _make_drafts(parts: Opened, asked: _Asked) -> tuple[Proposal, tuple[Revision, ...]]:
    """Make the drafts, with the same audit entries as an import at the desk. If that is refused, nothing is kept."""
    author = shell_user()
    import_id = await parts.imports.read(
        asked.name, asked.raw, document=asked.document, structure=asked.structure, author=author
    )
    one = await _import_of(parts, import_id)
    try:
        fates = asked.wishes.fates(one, await parts.imports.held(one))
        if fates:
            await parts.imports.decide(one, fates)
            one = await _import_of(parts, import_id)
        async with parts.database.write() as session:
            made = await parts.imports.make_drafts(one, author=author)
            after = {"文件": asked.name[:_LONGEST_NAME], "草稿": len(made)}
            record(session, author, "导入文件", ("edition", "draft"), after=after)
            for draft in made:
                await record_draft(session, parts.drafts, author, "保存草稿", draft)
    except RevisionError:
        await parts.imports.give_up(await _import_of(parts, import_id))
        raise
    return one.proposal, made


async def _import_of(parts: Opened, import_id: int) -> EditionImport:
    one = await parts.imports.get(import_id)
    if one is None:
        raise RevisionError("没有这次导入")
    return one


async def _held(parts: Opened, proposal: Proposal, library: Library) -> dict[str, list[str]]:
    """Return what belongs to the clauses that go, by their names."""
    going = [change.key for change in proposal.changes if change.after is None]
    found: dict[str, list[str]] = {}
    by_kind = await parts.drafts.held(going)
    for kind in parts.drafts.belongings:
        for key, held in by_kind[kind.name].items():
            found.setdefault(library.name_of(key), []).append(f"{kind.label} {held.count} 项")
    return found


async def _faults(parts: Opened, proposal: Proposal) -> list[Fault]:
    clauses = [change.after for change in proposal.changes if change.after is not None]
    return [fault for clause in clauses for fault in await parts.drafts.faults_of(clause)]


def _show(console: Console, proposal: Proposal, library: Library, held: dict[str, list[str]]) -> None:
    for change in proposal.changes:
        if change.only_moves:
            continue  # the table of pairs tells of it
        for line in lines_of_change(change, library, colour=console.is_terminal):
            console.print(line, soft_wrap=True)
    for pair in proposal.report.pairs:
        old, new = (as_number(one) if one else "—" for one in (pair.old, pair.new))
        console.print(Text(f"{old} → {new}  {pair.kind}", style="" if pair.kind in _QUIET else "bold"))
    if proposal.surroundings:
        console.print("what surrounds the clauses changes (title, edition, sections, preamble, contact)")
    for text in proposal.report.not_clauses:
        console.print(Text(f"not in a clause: {text}", style="dim"), soft_wrap=True)
    for remark in proposal.remarks:
        console.print(Text(f"! {remark}", style="yellow"))
    for name, things in held.items():
        console.print(
            Text(
                f"! 原{name}不再收录，名下有{'、'.join(things)}：--apply 时用 --hand-over 移交或 --end 结束",
                style="yellow",
            )
        )
    around = ", and what surrounds the clauses" if proposal.surroundings else ""
    console.print(f"{summary(proposal.changes)}{around}")
