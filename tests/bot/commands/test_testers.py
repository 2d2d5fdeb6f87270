"""`policybot testers`: who may get tests of broadcasts, named and taken back at the shell."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from bot.commands.subscribers import testers
from console.access.audit import entries
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command; member 1 follows the account."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))

    async def follow() -> None:
        database = Database.open(sqlite_url)
        async with database.write() as session:
            session.add(Member(openid="o_tester", followed_at=system_clock()))
        await database.close()

    asyncio.run(follow())
    app = typer.Typer()
    testers.register(app)
    return lambda *arguments: CliRunner().invoke(app, ["testers", *arguments])


def test_a_follower_is_named_listed_and_removed(run: Run) -> None:
    assert run("list").stdout == ""
    assert run("add", "1", "--label", "小李的手机").exit_code == 0
    assert run("list").stdout.startswith("1\t小李的手机\tcli")
    assert run("remove", "1").exit_code == 0
    assert run("list").stdout == ""
    again = run("remove", "1")
    assert again.exit_code == 1
    assert "没有这位测试接收人" in again.stderr


def test_a_stranger_can_not_be_named(run: Run) -> None:
    refused = run("add", "7")
    assert refused.exit_code == 1
    assert "没有这位关注者" in refused.stderr
    assert run("list").stdout == ""


def test_the_log_names_who_typed_and_the_number_alone(run: Run, sqlite_url: str) -> None:
    run("add", "1", "--label", "小李的手机")
    run("remove", "1")

    async def kept() -> list[tuple[bool, str, str, object]]:
        database = Database.open(sqlite_url)
        found = await entries(database)
        await database.close()
        return [(one.actor.startswith("cli"), one.action, one.subject_id, one.after) for one in found]

    assert asyncio.run(kept()) == [
        (True, "移除测试接收人", "1", None),
        (True, "指定测试接收人", "1", None),
    ]
