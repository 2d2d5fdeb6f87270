"""`policybot`: the command line. Each command's module is loaded alone, so a command begins at once."""

import codecs
import io
import os
import sys
import traceback
from importlib import import_module
from typing import NoReturn

import typer

from bot.roles.startup_gc import startup_gc

_MODULES = {
    "up": "roles.up",
    "web": "roles.web",
    "worker": "roles.worker",
    "scheduler": "roles.scheduler",
    "ask": "policies.ask",
    "talk": "policies.ask",
    "policies": "policies.policies",
    "library": "policies.library",
    "documents": "policies.documents",
    "windows": "policies.windows",
    "subscribers": "subscribers.subscribers",
    "followers": "subscribers.followers",
    "testers": "subscribers.testers",
    "qr": "subscribers.qr",
    "alerts": "alerts.alerts",
    "menu": "operations.menu",
    "operator": "operations.operators",
    "api-key": "operations.operators",
    "doctor": "operations.doctor",
    "migrate": "operations.migrate",
    "backup": "operations.backup",
    "restore": "operations.backup",
    "match": "policies.match",
    "questions": "policies.questions",
    "guides": "policies.guides",
}
"""The module of each command, below `bot.commands`; only the module of the command that was typed is loaded."""


def command_line(typed: str | None) -> typer.Typer:
    """Return the command line with the module of the typed command; with all modules if no command was typed."""
    app = typer.Typer(
        name="policybot",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(policybot)
    named = _MODULES.get(typed) if typed else None
    for module in [named] if named else dict.fromkeys(_MODULES.values()):
        import_module(f"bot.commands.{module}").register(app)
    return app


def policybot() -> None:
    """A policy bot for WeChat: answers with the clause itself, and sends each alert once."""


def _write_any_character() -> None:
    """Let stdout and stderr take every character: GB18030 on a GBK terminal (GBK lacks 㐂), UTF-8 elsewhere.

    Half a character, which JSON may name, is written as JSON writes it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            named = codecs.lookup(stream.encoding).name
            if named in {"gbk", "gb2312", "gb18030"}:
                named = "gb18030"
            elif named != "utf-8":
                named = "utf-8"
            stream.reconfigure(encoding=named, errors="backslashreplace")


def main() -> NoReturn:
    """Run one command. An error that a person can mend is one line on stderr and exit code 1 (2 for settings)."""
    _write_any_character()
    os.umask(0o077)  # our files hold personal data or keys
    try:
        with startup_gc():
            app = command_line(sys.argv[1] if len(sys.argv) > 1 else None)
        try:
            app()
        finally:
            sys.stdout.flush()  # here a full disk can still be reported
    except Exception as error:
        from bot.runtime.plain_errors import exit_code  # noqa: PLC0415 - it knows modules the command may not need

        code = exit_code(error)
        from bot.observability.logs import without_passwords  # noqa: PLC0415

        if code is None:
            print(without_passwords(traceback.format_exc()), file=sys.stderr)  # noqa: T201
            raise SystemExit(1) from None
        print(f"policybot: {without_passwords(str(error))}", file=sys.stderr)  # noqa: T201
        if isinstance(error, OSError):  # what stdout did not take must not fail again when Python ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(code) from None
    raise SystemExit(0)
