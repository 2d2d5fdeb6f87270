"""`policybot questions export`: the confirmed questions as test cases."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.policies.opened import opened
from policies.questions.evaluating import EvaluationQuestion
from policies.questions.lessons import Lessons


def register(app: typer.Typer) -> None:
    """Add `questions`."""
    group = typer.Typer(help="Questions with a confirmed answer.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("export")(export_command)
    app.add_typer(group, name="questions")


def export_command(
    file: Annotated[Path, typer.Argument(help="Where to; - is stdout.", dir_okay=False)] = Path("-"),
) -> None:
    """Write the questions that operators confirmed, a JSON object a line, as `policies evaluate` reads them.

    `expect` holds clause keys; it is empty for what no clause answers.
    """
    cases = asyncio.run(_cases())
    text = "".join(f"{case.model_dump_json()}\n" for case in cases)
    if str(file) == "-":
        sys.stdout.write(text)
        return
    file.write_text(text, encoding="utf-8")
    typer.echo(f"{file}: {len(cases)} questions", err=True)


async def _cases() -> list[EvaluationQuestion]:
    async with opened() as services:
        return await Lessons(services.database).confirmed.test_cases()
