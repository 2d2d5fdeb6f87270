"""`policybot operator`: an account is made and opened again from the shell."""

import asyncio

import pytest

from console.access.credentials import Credentials
from console.access.one_time_codes import Seeds
from console.access.operators import SignedIn
from console.access.passwords import Passwords
from storage.sql.database import Database
from tests.kit.commands.command_line import Policybot


def test_a_lost_account_is_opened_again_with_a_password_shown_once(
    policybot: Policybot, sqlite_url: str
) -> None:
    made = policybot("operator", "add", "li", "--role", "admin", stdin="")
    assert made.exit_code == 0
    again = policybot("operator", "reset", "li", stdin="")
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
    nobody = policybot("operator", "reset", "wang", stdin="")
    assert nobody.exit_code == 1
    assert "没有账号" in nobody.stderr


def test_the_accounts_are_listed(policybot: Policybot) -> None:
    assert "还没有账号" in policybot("operator", "list").stdout
    policybot("operator", "add", "li", "--role", "admin", stdin="")
    (line,) = [one for one in policybot("operator", "list").stdout.splitlines() if " li " in one]
    assert [cell.strip() for cell in line.strip("│ ").split("│")] == ["li", "admin", "在用", "—", "—"]


@pytest.mark.parametrize("password", ["123456789012", "210987654321", "aaaaaaaaaaaa", "abcdefghijklm"])
def test_a_row_of_characters_is_no_password(policybot: Policybot, password: str) -> None:
    refused = policybot("operator", "add", "li", "--role", "admin", stdin=f"{password}\n")
    assert (refused.exit_code, "连续或重复的字符" in refused.stderr) == (1, True)
