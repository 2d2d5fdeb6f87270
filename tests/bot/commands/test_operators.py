"""`policybot operator`: an account is made and opened again from the shell."""

import asyncio
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands.operations import operators
from console.access.credentials import Credentials
from console.access.one_time_codes import Seeds
from console.access.operators import SignedIn
from console.access.passwords import Passwords
from storage.sql.database import Database


def test_a_lost_account_is_opened_again_with_a_password_shown_once(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    app = typer.Typer()
    operators.register(app)
    runner = CliRunner()
    made = runner.invoke(app, ["operator", "add", "li", "--role", "admin"], input="")
    assert made.exit_code == 0
    again = runner.invoke(app, ["operator", "reset", "li"], input="")
    assert again.exit_code == 0
    passwords = [one.stdout.splitlines()[-1] for one in (made, again)]

    async def tries() -> list[SignedIn | None]:
        database = Database.open(sqlite_url)
        credentials = Credentials(database, Passwords(), Seeds(b"a secret of the tests"))
        found = [await credentials.sign_in("li", password) for password in passwords]
        await database.close()
        return found

    before, after = asyncio.run(tries())
    assert before is None
    assert after
    assert after.must_change_password
    nobody = runner.invoke(app, ["operator", "reset", "wang"], input="")
    assert nobody.exit_code == 1
    assert "没有账号" in nobody.stderr
