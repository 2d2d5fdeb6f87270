"""Names of accounts and keys: the audit log knows people by them."""

import pytest

from console.access.api_keys import ApiKeys
from console.access.errors import OperatorError
from console.access.operators import Operators
from console.access.roles import Role
from storage.sql.database import Database


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "请填写"),
        (" \u3000", "请填写"),
        ("a" * 61, "最多 60 字"),
        ("li\u200b", "看不见"),
        ("\u202eli", "看不见"),
        ("li\x00", "看不见"),
        (" li", "空格"),
    ],
)
async def test_a_name_that_cannot_be_told_from_another_is_refused(
    sqlite_database: Database, name: str, said: str
) -> None:
    with pytest.raises(OperatorError, match=said):
        await Operators(sqlite_database).add(name, Role.VIEWER, "a long password", actor="test")
    with pytest.raises(OperatorError, match=said):
        await ApiKeys(sqlite_database).create(name, Role.VIEWER, actor="test")
