"""`policybot policies evaluate FILE`: how well questions with known answers are answered."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.questions.evaluating import (
    Bar,
    Evaluation,
    GradedDecision,
    QuestionFileError,
    Tally,
    read_questions,
)
from policies.questions.evaluating import evaluate as compare_all
from policies.search.index import PolicyIndex


def evaluate(
    file: Annotated[Path, typer.Argument(help="一行一个 JSON：id, q, kind, expect, accept")],
    *,
    bar: Annotated[bool, typer.Option("--bar", help="未达标则以 1 退出")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="逐条说明答错的原因")] = False,
) -> None:
    """用带答案的问题检验检索：各类首条正确、前三命中、误拒、误答，以及答错的问题。"""
    try:
        questions = read_questions(file)
    except QuestionFileError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    index = PolicyIndex.build(load_library(), load_district())
    evaluation = compare_all(questions, index.decide)
    console = Console(highlight=False)
    console.print(_table(evaluation))
    for outcome in evaluation.misses:
        console.print(_miss(outcome), markup=False)
        if explain:
            for reason in outcome.decision.reasons:
                console.print(f"    {reason.stage}: {reason.what}", markup=False)
    under = evaluation.under(Bar())
    for line in under:
        typer.echo(f"under the bar: {line}", err=True)
    if bar and under:
        raise typer.Exit(1)


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
