"""`policybot testers`: who may get tests of broadcasts, named and taken back at the shell."""

import asyncio

import pytest

from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.tables import Member
from tests.kit.commands.command_line import Policybot, log_of


@pytest.fixture(autouse=True)
def follower(sqlite_url: str) -> None:
    """Member 1 follows the account."""

    async def follow() -> None:
        database = Database.open(sqlite_url)
        async with database.write() as session:
            session.add(Member(openid="o_tester", followed_at=system_clock()))
        await database.close()

    asyncio.run(follow())


def test_a_follower_is_named_listed_and_removed(policybot: Policybot) -> None:
    none = policybot("testers", "list")
    assert (none.stdout, none.stderr) == ("", "还没有测试接收人\n")
    assert policybot("testers", "add", "1", "--label", "小李的手机").exit_code == 0
    assert policybot("testers", "list").stdout.startswith("1\t小李的手机\tcli")
    assert policybot("testers", "remove", "1").exit_code == 0
    assert policybot("testers", "list").stdout == ""
    again = policybot("testers", "remove", "1")
    assert again.exit_code == 1
    assert "没有这位测试接收人" in again.stderr


def test_a_stranger_can_not_be_named(policybot: Policybot) -> None:
    refused = policybot("testers", "add", "7")
    assert refused.exit_code == 1
    assert "没有这位关注者" in refused.stderr
    assert policybot("testers", "list").stdout == ""


def test_the_log_names_who_typed_and_the_number_alone(policybot: Policybot, sqlite_url: str) -> None:
    policybot("testers", "add", "1", "--label", "小李的手机")
    policybot("testers", "remove", "1")

    logged = [
        (one.actor.startswith("cli"), one.action, one.subject_id, one.after) for one in log_of(sqlite_url)
    ]
    assert logged == [
        (True, "移除测试接收人", "1", None),
        (True, "指定测试接收人", "1", None),
    ]
