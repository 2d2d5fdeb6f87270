"""`policybot`: the command line."""

import sys
from importlib import import_module
from typing import NoReturn

import typer

from bot.data_folder import FolderInUseError
from bot.migrate import SchemaBehindError
from bot.process import BadSettingsError
from bot.serving import PortTakenError
from bot.valkey import NoValkeyError
from policies.compendium import CompendiumError

app = typer.Typer(
    name="policybot",
    help="The policy bot of 青岛西海岸新区: answers with the clause itself, and sends each alert once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_GROUPS = (
    "roles",
    "ask",
    "policies",
    "windows",
    "subscribers",
    "followers",
    "qr",
    "alerts",
    "menu",
    "doctor",
)

# Whoever runs a command can mend these: one line each, no stack.
_PLAIN_ERRORS = (
    BadSettingsError,
    CompendiumError,
    FolderInUseError,
    NoValkeyError,
    PortTakenError,
    SchemaBehindError,
)


def main() -> NoReturn:
    """Run one command; an error a person can mend is one line on stderr and exit code 1 (2: settings)."""
    for group in _GROUPS:
        import_module(f"bot.commands.{group}").register(app)
    try:
        app()
    except _PLAIN_ERRORS as error:
        print(f"policybot: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2 if isinstance(error, BadSettingsError) else 1) from None
    raise SystemExit(0)
