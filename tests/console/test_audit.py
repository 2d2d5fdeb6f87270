"""The audit log grows and never changes, on both databases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from console.audit import entries, record
from storage.database import Database
from tests.console.conftest import sign_in


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


async def test_the_log_reads_in_the_desks_words(desk, sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        record(session, "lin", "提交", ("campaign", 7), before={"状态": "draft"}, after={"状态": "submitted"})
        record(session, "lin", "保存草稿", ("policy", 45), after={"title": "新题", "改动": "text、amounts"})
        record(session, "wu", "修改账号", ("operator", "lin"), after={"role": "approver", "active": False})
    client = await desk()
    await sign_in(client, "admin")
    page = await (await client.get("/console/audit")).text()
    for words in (
        "推送 7",
        "状态：草稿",
        "状态：待审批",
        "第45条",
        "标题：新题；改动：正文、金额",
        "角色：审批；启用：否",
    ):
        assert words in page
