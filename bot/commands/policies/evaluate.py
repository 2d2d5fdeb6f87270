"""`policybot policies evaluate [FILE]`: measures answers to questions whose answers are known, and the effect of a change."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.commands.policies.opened import opened
from bot.observability.logs import set_up_logs
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.meanings.reading import MeaningReader
from policies.publishing.statements import library_with
from policies.questions.evaluating import (
    Bar,
    Evaluation,
    EvaluationQuestion,
    GradedDecision,
    QuestionFileError,
    Tally,
    grade,
    read_questions,
)
from policies.questions.evaluating import evaluate as compare_all
from policies.questions.lessons import Lessons
from policies.search.index import PolicyIndex
from policies.search.words.language import load_language
from storage.sql.database import Database


def evaluate(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="One JSON object a line: id, q, kind, expect, accept. Default: the questions confirmed at the desk."
        ),
    ] = None,
    *,
    drafts: Annotated[
        bool,
        typer.Option(
            "--drafts", help="Ask again as if all drafts were published; list the answers that change."
        ),
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Ask again with the words and weights of this folder; list the answers that change.",
            file_okay=False,
            exists=True,
        ),
    ] = None,
    bar: Annotated[
        bool, typer.Option("--bar", help="Exit 1 if a result misses the bar, or an answer gets worse.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Give the reasons for each wrong answer.")
    ] = False,
) -> None:
    """Test the search with questions whose answers are known.

    Prints for each kind of question how often the first clause is right, how often one of the first three is, how often a
    question is wrongly declined, and how often the answer is wrong; then each wrong answer. With --drafts or
    --data it also lists the answers that this change alters.
    """
    set_up_logs("error")
    try:
        asked, now, then = asyncio.run(_indexes(file, drafts=drafts, data=data))
    except QuestionFileError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    evaluation = compare_all(asked, now.decide_fully)
    console = Console(highlight=False)
    console.print(_table(evaluation))
    for outcome in evaluation.misses:
        console.print(_miss(outcome), markup=False)
        if explain:
            for reason in outcome.decision.reasons:
                console.print(f"    {reason.stage}: {reason.what}", markup=False)
    worse = _show_changes(console, asked, now, then) if then else 0
    under = evaluation.under(Bar())
    for line in under:
        typer.echo(f"under the bar: {line}", err=True)
    if bar and (under or worse):
        raise typer.Exit(1)


async def _indexes(
    file: Path | None, *, drafts: bool, data: Path | None
) -> tuple[list[EvaluationQuestion], PolicyIndex, PolicyIndex | None]:
    """Return the questions, the index of what is published, and the index after the change to try.

    Without a file, the questions are those that operators confirmed. They are left out of the index, so that no
    question answers itself. A file without a change needs no database.
    """
    if file is not None and not drafts and data is None:
        return (
            read_questions(file),
            await _by_meaning(PolicyIndex.build(load_library(), load_district())),
            None,
        )
    async with opened() as services:
        lessons = Lessons(services.database)
        asked = read_questions(file) if file else await lessons.confirmed.test_cases()
        library, district = await services.store.published(), await services.store.district()
        words = await lessons.words()
        now = await _by_meaning(PolicyIndex.build(library, district, words), services.database)
        if not drafts and data is None:
            return asked, now, None
        after = library_with(library, await services.drafts.open()) if drafts else library
        language = load_language(data=data) if data else None
        then = PolicyIndex.build(after, district, words, data=language)
        return asked, now, await _by_meaning(then, services.database)


async def _by_meaning(index: PolicyIndex, database: Database | None = None) -> PolicyIndex:
    """Add the sentence model to the index, if it is installed. Vectors come with the program, or from the database if any."""
    meanings = await MeaningReader(database).meanings_of(index)
    return index.with_meanings(meanings) if meanings else index


def _show_changes(
    console: Console, asked: Sequence[EvaluationQuestion], now: PolicyIndex, then: PolicyIndex
) -> int:
    """Print every question whose answer would change. Return how many right answers would become wrong."""
    worse = changed = 0
    for one in asked:
        before, after = grade(one, now.decide_fully(one.q)), grade(one, then.decide_fully(one.q))
        if before.decision.clauses[:1] == after.decision.clauses[:1] and (
            before.decision.intent is after.decision.intent
        ):
            continue
        changed += 1
        worse += before.first_right and not after.first_right
        mark = "-" if before.first_right and not after.first_right else "+" if after.first_right else "~"
        console.print(f"{mark} {one.q}: {_said(before, now)} → {_said(after, then)}", markup=False)
    console.print(f"{changed} answers would change, {worse} of them for the worse")
    return worse


def _said(outcome: GradedDecision, index: PolicyIndex) -> str:
    names = "、".join(map(index.library.name_of, outcome.decision.clauses[:3]))
    return f"{outcome.decision.intent} {names}".strip()


def _table(evaluation: Evaluation) -> Table:
    table = Table("kind", "questions", "first right", "in top 3", "wrongly declined", "wrongly answered")
    for kind, tally in evaluation.kinds.items():
        table.add_row(kind, *_figures(tally))
    table.add_section()
    table.add_row("in scope", *_figures(evaluation.in_scope))
    table.add_row("out of scope", *_figures(evaluation.out_of_scope))
    return table


def _figures(tally: Tally) -> tuple[str, ...]:
    total = tally.questions
    counts = (tally.first_right, tally.in_top_three, tally.wrongly_declined, tally.wrongly_answered)
    return (str(total), *(f"{count} ({count / total:.1%})" if total else "–" for count in counts))


def _miss(outcome: GradedDecision) -> str:
    asked, decision = outcome.asked, outcome.decision
    expected = "、".join(map(str, asked.expect)) or "none"
    found = f"{decision.intent} {'、'.join(map(str, decision.clauses[:5]))}".strip()
    return f"{asked.id} [{asked.kind}] {asked.q}: expected {expected}, got {found}"
