"""`policybot`: the command line."""

import sys
from importlib import import_module
from typing import NoReturn

import typer

from bot.data_folder import FolderInUseError
from bot.listening import PortTakenError
from bot.migrate import SchemaBehindError
from bot.process import BadSettingsError, NoDatabaseError
from bot.valkey import NoValkeyError
from policies.compendium import CompendiumError
from policies.data_files import DataFileError

app = typer.Typer(
    name="policybot",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_MODULES = {
    "up": "web_roles",
    "web": "web_roles",
    "worker": "sending_roles",
    "scheduler": "sending_roles",
    "ask": "ask",
    "policies": "policies",
    "windows": "windows",
    "subscribers": "subscribers",
    "followers": "followers",
    "qr": "qr",
    "alerts": "alerts",
    "menu": "menu",
    "operator": "operators",
    "api-key": "operators",
    "doctor": "doctor",
}
"""Which module has a command: one that is named is loaded alone, so that it starts at once."""

# Whoever runs a command can mend these: one line each, no stack.
_PLAIN_ERRORS = (
    BadSettingsError,
    CompendiumError,
    DataFileError,
    FolderInUseError,
    NoDatabaseError,
    NoValkeyError,
    PortTakenError,
    SchemaBehindError,
)


@app.callback()
def policybot() -> None:
    """The policy bot of 青岛西海岸新区: answers with the clause itself, and sends each alert once."""


def main() -> NoReturn:
    """Run one command; an error a person can mend is one line on stderr and exit code 1 (2: settings)."""
    named = _MODULES.get(sys.argv[1]) if len(sys.argv) > 1 else None
    for module in [named] if named else dict.fromkeys(_MODULES.values()):
        import_module(f"bot.commands.{module}").register(app)
    try:
        app()
    except _PLAIN_ERRORS as error:
        print(f"policybot: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2 if isinstance(error, BadSettingsError) else 1) from None
    raise SystemExit(0)
