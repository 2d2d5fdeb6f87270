"""`policybot operator add`, `operator list`, `operator reset` and `api-key create`: accounts of the desk and keys of its API."""

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.runtime.process import open_database
from console.access.api_keys import ApiKeys
from console.access.errors import OperatorError
from console.access.operators import Operators
from console.access.roles import Role
from storage.clock import SHANGHAI
from storage.sql.database import Database

_ACTOR = "policybot operator"
RoleOption = Annotated[
    Role, typer.Option(help="viewer reads, editor drafts, approver publishes and sends, admin all")
]


def register(app: typer.Typer) -> None:
    """Add the two groups."""
    operators = typer.Typer(help="Accounts of the operators' desk.", no_args_is_help=True)
    operators.command("add")(add)
    operators.command("list")(list_command)
    operators.command("reset")(reset)
    operators.callback()(lambda: None)
    keys = typer.Typer(help="Keys of programs that use the API.", no_args_is_help=True)
    keys.command("create")(create)
    keys.callback()(lambda: None)
    app.add_typer(operators, name="operator")
    app.add_typer(keys, name="api-key")


def add(name: str, role: RoleOption) -> None:
    """Make an account. The password is asked for, or read from stdin; without one it is made and printed."""
    password = _asked_password()
    made = password or secrets.token_urlsafe(15)

    async def work(database: Database) -> None:
        await Operators(database).add(name, role, made, actor=_ACTOR)

    _run(work)
    typer.echo(f"operator {name} ({role}) added", err=True)
    if not password:
        typer.echo("password, shown this once:", err=True)
        typer.echo(made)


def list_command() -> None:
    """Show every account: name, role, whether it is in use, one-time code, last sign-in."""

    async def work(database: Database) -> None:
        found = await Operators(database).all()
        if not found:
            typer.echo("还没有账号；policybot operator add 姓名 --role admin")
            return
        table = Table("账号", "角色", "状态", "动态口令", "最近登录")
        for one in found:
            state = "在用" if one.active else "已停用"
            code = "已启用" if one.totp_secret else "—"
            seen = f"{one.signed_in_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if one.signed_in_at else "—"
            table.add_row(one.name, one.role, state, code, seen)
        Console(highlight=False, markup=False).print(table)

    _run(work)


def reset(name: str) -> None:
    """Reset an account: a new password, to be changed at sign-in; no one-time code; active; all sessions ended.

    The password is asked for, or read from stdin; without one it is made and printed alone on the last line.
    """
    given = _asked_password()

    async def work(database: Database) -> None:
        password = await Operators(database).reset(name, given, actor=_ACTOR)
        typer.echo(f"operator {name} reset; the one-time code is off and all sessions have ended", err=True)
        if not given:
            typer.echo("password, shown this once:", err=True)
            typer.echo(password)

    _run(work)


def create(name: str, role: RoleOption) -> None:
    """Make an API key and print it, once, alone on the last line."""

    async def work(database: Database) -> None:
        typer.echo(await ApiKeys(database).create(name, role, actor=_ACTOR))

    _run(work)


def _asked_password() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n") if sys.stdin is not None else ""


def _run(work: Callable[[Database], Awaitable[None]]) -> None:
    async def run() -> None:
        async with open_database() as database:
            await work(database)

    try:
        asyncio.run(run())
    except OperatorError as error:
        typer.echo(f"policybot: {error}", err=True)
        raise typer.Exit(1) from None
