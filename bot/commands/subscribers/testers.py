"""`policybot testers list|add|remove`: the members who may get tests of broadcasts, like 测试接收人 on the desk."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from bot.commands.shell_user import shell_user
from bot.runtime.process import open_database
from console.services.testers import LONGEST_LABEL, TesterError, Testers
from storage.clock import SHANGHAI

_T = TypeVar("_T")
MemberId = Annotated[
    int, typer.Argument(metavar="MEMBER", min=1, help="number of the member, as the desk shows it")
]


def register(app: typer.Typer) -> None:
    """Add `testers`."""
    group = typer.Typer(
        help="Members who may get tests of broadcasts; a test goes to nobody else.", no_args_is_help=True
    )
    group.command("list")(list_command)
    group.command("add")(add_command)
    group.command("remove")(remove_command)
    app.add_typer(group, name="testers")


def list_command() -> None:
    """List the testers: number, label, who named them and when (Asia/Shanghai)."""
    found = _run(lambda testers: testers.all())
    if not found:
        typer.echo("还没有测试接收人", err=True)
    for one in found:
        named_at = f"{one.named_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        typer.echo(f"{one.member_id}\t{one.label}\t{one.named_by}\t{named_at}")


def add_command(
    member: MemberId,
    label: Annotated[
        str, typer.Option(help=f"what the list calls the phone, {LONGEST_LABEL} characters at most")
    ] = "",
) -> None:
    """Let a follower get tests of broadcasts; a tester gets the new label."""
    named = _run(lambda testers: testers.name(member, label, actor=shell_user()))
    typer.echo(f"成员 {named.member_id}（{named.label}）现在可以接收公告的测试消息")


def remove_command(member: MemberId) -> None:
    """Let a member get no more tests."""
    if not _run(lambda testers: testers.remove(member, actor=shell_user())):
        typer.echo("policybot: 没有这位测试接收人", err=True)
        raise typer.Exit(1)
    typer.echo(f"成员 {member} 不再接收测试消息")


def _run(do: Callable[[Testers], Awaitable[_T]]) -> _T:
    """Run `do` on the testers of the database; a refusal is one line on stderr and exit code 1."""

    async def with_database() -> _T:
        async with open_database() as database:
            return await do(Testers(database))

    try:
        return asyncio.run(with_database())
    except TesterError as error:
        typer.echo(f"policybot: {error}", err=True)
        raise typer.Exit(1) from None
