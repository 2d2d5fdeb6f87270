"""Each `policybot …` in the docs is a command of the program, with options that it has."""

import re
import shlex
from importlib import import_module
from typing import Any

import pytest
import typer

from bot import cli
from tests.docs.literal_commands import ROOT

_SPAN = re.compile(r"`(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?policybot ([^`]+)`")
_LINE = re.compile(
    r"^(?:[A-Z_]+=\S+ )*(?:/opt/policybot/)?(?:\.venv/bin/)?policybot ([a-z].*?)(?:\s*[#&>|].*)?$",
    re.MULTILINE,
)
DOCS = {
    str(file.relative_to(ROOT)): file.read_text()
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
NAMED = {
    (file, typed) for file, text in DOCS.items() for kind in (_SPAN, _LINE) for typed in kind.findall(text)
}


@pytest.fixture(scope="module")
def program() -> Any:
    app = typer.Typer()
    for module in dict.fromkeys(cli._MODULES.values()):
        import_module(f"bot.commands.{module}").register(app)
    return typer.main.get_command(app)


def unknown_in(program: Any, typed: str) -> str:
    """The first word that is no command or option; "" where all are."""
    words = shlex.split(typed.replace("[", "").replace("]", "").replace("…", ""))
    command = program
    while words and not words[0].startswith("-") and (inner := getattr(command, "commands", None)):
        if words[0] not in inner:
            return words[0]
        command = inner[words.pop(0)]
    options = {"--help"} | {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return next((word for word in words if word.startswith("-") and word not in options), "")


def test_the_docs_name_commands_and_options_that_there_are(program: Any) -> None:
    assert len(NAMED) > 50
    wrong = {(file, typed): word for file, typed in NAMED if (word := unknown_in(program, typed))}
    assert not wrong
