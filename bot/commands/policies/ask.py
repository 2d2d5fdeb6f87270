"""`policybot ask`: the reply that a person who has never written before would get."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.table import Table

from bot.observability.logs import set_up_logs
from bot.roles.conversation import open_conversation
from bot.runtime.process import business_clock, open_database, read_settings
from bot.runtime.seeding import seeded_store
from bot.runtime.services import open_services
from bot.runtime.settings import Settings
from handlers.cli_chat import BatchLineError, StepTaken, ask, ask_batch, clauses_of, steps_taken, talk
from handlers.router import Router, Tried
from policies.company_facts.match_service import load_match_service
from policies.guides.store import GuideStore
from policies.knowledge import Knowledge
from policies.meanings.reading import MeaningReader
from policies.questions.lessons import Lessons
from policies.search.decision import Decision
from policies.windows.application_windows import Windows

_TAP = re.compile(r'<a href="weixin://[^"]*+">([^<]*+)</a>')
_LINK = re.compile(r'<a href="([^"]*+)">([^<]*+)</a>')
_NO_REDIS = "redis://127.0.0.1:1/0"  # no connection is made: a question needs no session


def register(app: typer.Typer) -> None:
    """Add `ask` and `talk`."""

    @app.command("ask")
    def ask_command(
        text: Annotated[str | None, typer.Argument(help="The question.")] = None,
        batch: Annotated[
            typer.FileText | None,
            typer.Option(help="A file with a JSON object a line, id and q; - is stdin.", encoding="utf-8"),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
        explain: Annotated[
            bool, typer.Option(help="Show which step answered, and why the search decided so.")
        ] = False,
    ) -> None:
        """Answer a question as WeChat would be answered; nothing of it is kept."""
        if (text is None) == (batch is None):
            raise typer.BadParameter("give a question, or --batch FILE")
        if batch is not None and (as_json or explain):
            raise typer.BadParameter("--batch prints JSON lines and takes neither --json nor --explain")
        settings = read_settings()
        set_up_logs("error")
        if batch is not None:
            asyncio.run(_answer_batch(settings, batch))
        else:
            asyncio.run(_answer(settings, text or "", as_json=as_json, explain=explain))

    @app.command("talk")
    def talk_command(
        explain: Annotated[bool, typer.Option(help="Show under each answer which step gave it.")] = False,
    ) -> None:
        """Talk as a new follower would, a line a message; an empty input (Ctrl-D) ends it. Nothing of it is kept."""
        settings = read_settings()
        set_up_logs("error")
        asyncio.run(_talk(settings, explain=explain))


async def _talk(settings: Settings, *, explain: bool) -> None:
    tried: Tried = []
    async with fresh_router(settings) as router:
        async for answer in talk(router, _typed(), tried=tried):
            typer.echo(_as_text(answer.text))
            if explain:
                _print_steps(steps_taken(tried))


def _typed() -> Iterator[str]:
    """Yield the lines of a person at a terminal, with a prompt, or of a file."""
    while True:
        if sys.stdin.isatty():
            typer.echo("\n> ", nl=False)
        line = sys.stdin.readline()
        if not line:
            return
        yield line


def _as_text(reply: str) -> str:
    """Return a reply with its taps in brackets and its links spelt out."""
    return _LINK.sub(r"\2 \1", _TAP.sub(r"[\1]", reply))


async def _answer_batch(settings: Settings, lines: TextIO) -> None:
    async with fresh_router(settings) as router:
        try:
            async for answered in ask_batch(router, lines):
                typer.echo(json.dumps(answered, ensure_ascii=False))
        except BatchLineError as error:
            typer.echo(f"policybot: {getattr(lines, 'name', '')} {error}", err=True)
            raise typer.Exit(1) from None


async def _answer(settings: Settings, text: str, *, as_json: bool, explain: bool) -> None:
    async with fresh_router(settings) as router:
        tried: Tried = []
        answer = await ask(router, text, tried=tried)
        decision = router.context.knowledge.index.decide(text) if explain else None
        library = router.context.knowledge.index.library
    if as_json:
        shown = {"q": text, "intent": answer.intent, **clauses_of(answer, library), "reply": answer.text}
        if decision is not None:
            shown["steps"] = steps_taken(tried)
            shown["reasons"] = [[reason.stage, reason.what] for reason in decision.reasons]
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    typer.echo(_as_text(answer.text))
    if decision is not None:
        _print_steps(steps_taken(tried))
        _print_reasons(decision)


def _print_steps(taken: Sequence[StepTaken]) -> None:
    """Print the walk of the message through `handlers.order`, a line for each part."""
    if not taken:
        return
    *before, last = taken
    table = Table("part", "steps before it", title=f"{last.step} {last.became}", title_justify="left")
    for part, steps in groupby(before, key=attrgetter("part")):
        table.add_row(part, ", ".join(f"{one.step} {one.became}".strip() for one in steps))
    Console(highlight=False).print(table)


def _print_reasons(decision: Decision) -> None:
    table = Table(
        "stage",
        "what",
        title=f"the search: {decision.intent} {list(decision.clauses)} {'sure' if decision.sure else 'not sure'}",
    )
    for reason in decision.reasons:
        table.add_row(reason.stage, reason.what)
    Console(highlight=False).print(table)


def _told(read: int, of: int) -> None:
    """Say how far the first reading is; it may take a minute. A terminal shows one line that changes, a log one line."""
    said = f"正在准备：首次读入条文和问法，{read}/{of}"
    if sys.stderr.isatty():
        typer.echo(f"\r{said}", nl=False, err=True)
    elif not read:
        typer.echo(said, err=True)


def _preparing() -> None:
    """Say in a terminal that something goes on: opening the clauses takes some seconds."""
    if sys.stderr.isatty():
        typer.echo("正在准备…", err=True)


@asynccontextmanager
async def fresh_router(settings: Settings) -> AsyncIterator[Router]:
    """Make a router over the published clauses, like the one of the running bot.

    It writes everything about a person (members, questions) to a temporary database, which is deleted at the end. It
    needs neither Redis nor a running `up`.
    """
    _preparing()
    with TemporaryDirectory(prefix="policybot-ask-") as folder:
        apart = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": "", "redis_url": _NO_REDIS}
        )
        async with (
            open_database(settings) as database,
            open_services(apart) as services,
            open_conversation(services) as conversation,
        ):
            clock = await business_clock(database)
            store = await seeded_store(database, clock, settings)
            knowledge = Knowledge(
                store, Lessons(database), guides=GuideStore(database), meanings=MeaningReader(database, _told)
            )
            await knowledge.refresh()
            await knowledge.read_meanings()
            if sys.stderr.isatty():
                typer.echo("\r\x1b[K", nl=False, err=True)
            yield Router(
                replace(
                    conversation.context,
                    knowledge=knowledge,
                    clock=clock,
                    windows=Windows(database, clock),
                    matching=await asyncio.to_thread(
                        load_match_service, await store.rules(), await store.texts()
                    ),
                )
            )
