"""The audit log grows and never changes, on both databases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from console.audit import entries, record
from storage.database import Database


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log"], ids=["change", "delete"]
)
async def test_an_entry_can_be_neither_changed_nor_deleted(database: Database, statement: str) -> None:
    async with database.write() as session:
        record(
            session, "admin", "发布", ("policy", 22), before={"金额": "300万元"}, after={"金额": "600万元"}
        )
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text(statement))
    [entry] = await entries(database)
    assert (entry.actor, entry.action, entry.subject_id) == ("admin", "发布", "22")
