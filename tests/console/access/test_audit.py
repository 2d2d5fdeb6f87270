"""The audit log grows and never changes, on both databases."""

import html
import re
import sqlite3
from collections.abc import Iterator

import pytest
from aiohttp import FormData
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from bot.schema.tables import metadata
from console.access.audit import entries, record
from console.routes import ROUTES
from policies.library.library_file import load_library
from policies.publishing.drafts import Drafts
from policies.questions.tables import TaughtWord
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.tables import Member
from tests.console.conftest import PASSWORD, Browser, csrf_of, sign_in, tokens_of
from tests.console.hostile_desk import concrete, furnish


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


PERSON = "王小明的私人公司"
OPENID = "o_a_person_outside"
CODE = "91370211MA3DQ0RX6H"
WORDS = "我叫王小明，电话 13800001234"
TAKES_A_FILE = "/import"
NOT_BEFORE_SENDING = {"members"}
"""What WeChat lets us send is spent before a message leaves, in a transaction of its own."""


@pytest.fixture
async def busy(desk, sqlite_database: Database) -> tuple[Browser, dict[str, str]]:
    """A desk with one of everything, an admin at it, and a form that each of its pages can take."""
    await furnish(sqlite_database)
    client = await desk()
    await sign_in(client, "admin")
    async with sqlite_database.write() as session:
        person = Member(openid=OPENID, followed_at=system_clock())
        session.add(person)
        await session.flush()
        await session.execute(
            text("UPDATE members SET company_as_typed = :name WHERE company_id IS NOT NULL"), {"name": PERSON}
        )
        await session.execute(text("UPDATE hand_over_lines SET content = :words"), {"words": WORDS})
        draft = (await session.execute(text("SELECT id, edits FROM revisions WHERE state = 'draft'"))).one()
        lesson = TaughtWord(policy_id=22, word="旧词", taught_by="editor", taught_at=system_clock())
        session.add(lesson)
    [claim] = await Members(sqlite_database, system_clock).companies.claims()
    today = system_clock().date()
    clause = next(policy for policy in load_library().policies if policy.key == 22)
    form = {
        "csrf": await csrf_of(client, "/console/accounts"),
        "confirmed": "yes",
        **{"name": "新人", "role": "editor", "password": "correct horse battery", "active": "on"},
        **{"old": PASSWORD, "new": "another horse battery"},
        **{"company": str(claim.company_id), "as_typed": claim.as_typed, "since": claim.since.isoformat()},
        **{"policy_id": "45", "opens_on": str(today), "closes_on": str(today), "word": "新词"},
        **{"member": "1", "label": PERSON, "to": "1", "reason": "内容有误", "content": WORDS, "tracks": "ai"},
        **{"draft": f"{draft.id}.{draft.edits}", "note": "说明", "title": "新标题", "text": clause.text},
        **{
            "departments": "\n".join(clause.departments),
            "audience": "everyone",
            "body": "正文",
            "channel": "auto",
        },
    }
    return client, form


def changing() -> list[str]:
    """The address of every changing request: those that end something last, one's own password last of all."""
    ends = ("/discard", "/cancel", "/remove", "/settle", "/hand-back")
    last = ("/accounts/password",)
    paths = {concrete(one, "22" if "edit" in one.path else "1") for one in ROUTES if one.method == "POST"}
    paths -= {"/console/sign-in", "/console/sign-out"}
    return sorted(paths, key=lambda path: (path.endswith(last), path.endswith(ends), path))


async def send(client: Browser, path: str, form: dict[str, str]) -> int:
    data = FormData(form)
    if path.endswith(TAKES_A_FILE):  # parts are slow to read, and no other page has them
        data.add_field(
            "file", b"policy_id,opens_on,closes_on,title,url\n7,2026-01-01,2026-12-31,,\n", filename="w.csv"
        )
    return (await client.post(path, data=data, allow_redirects=False)).status


class Contents:
    """A digest of each table's rows, as they are stored; read anew where somebody has committed since."""

    def __init__(self, database: Database) -> None:
        assert database.engine.url.database
        self._connection = sqlite3.connect(database.engine.url.database)
        self._version = -1
        self._digests: dict[str, int] = {}

    def __call__(self) -> dict[str, int]:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._version = version
            self._digests = {table.name: self._digest(table.name) for table in metadata.sorted_tables}
        return self._digests

    def _digest(self, table: str) -> int:
        return hash(tuple(self._connection.execute(f"SELECT * FROM {table}")))

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def contents(sqlite_database: Database) -> Iterator[Contents]:
    found = Contents(sqlite_database)
    yield found
    found.close()


def changed(before: dict[str, int], after: dict[str, int]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


async def test_a_change_whose_entry_cannot_be_written_is_not_made(
    busy, contents: Contents, sqlite_database: Database
) -> None:
    client, form = busy
    async with sqlite_database.write() as session:
        refuse = "CREATE TRIGGER t BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        await session.execute(text(refuse))
    before, broke = contents(), 0
    for path in changing():
        with capture_logs():
            broke += await send(client, path, form) == 500
        after = contents()
        assert changed(before, after) <= (NOT_BEFORE_SENDING if path == "/console/people/1" else set()), path
        before = after
    assert broke >= 20


async def test_every_change_is_in_the_log_and_nothing_of_a_person_is(
    busy, contents: Contents, sqlite_database: Database
) -> None:
    client, form = busy
    before, logged = contents(), 0
    for path in changing():
        await send(client, path, form)
        after = contents()
        moved = changed(before, after) - NOT_BEFORE_SENDING
        assert not moved or "audit_log" in moved, (path, moved)
        logged += bool(moved)
        before = after
    assert logged >= 20
    log = str([(one.subject_id, one.before, one.after) for one in await entries(sqlite_database, limit=500)])
    for personal in (
        PERSON,
        OPENID,
        CODE,
        WORDS,
        "o_hostile_person",
        "王小明",
        form["new"],
        form["password"],
    ):
        assert personal not in log


async def test_publishing_keeps_what_each_field_was_and_is(desk, sqlite_database: Database) -> None:
    clause = next(policy for policy in load_library().policies if policy.key == 22)
    renamed = clause.model_copy(update={"title": "新的标题", "keywords": (*clause.keywords, "新词")})
    await Drafts(sqlite_database, system_clock).begin(renamed, author="editor")
    client = await desk()
    await sign_in(client, "approver")
    form = await tokens_of(client, "/console/policies/drafts")
    async with sqlite_database.read() as session:
        draft = (await session.execute(text("SELECT id, edits FROM revisions WHERE state = 'draft'"))).one()
    await client.post("/console/policies/drafts", data={**form, "draft": f"{draft.id}.{draft.edits}"})
    [entry] = [one for one in await entries(sqlite_database) if one.action == "发布"]
    assert entry.before == {"title": clause.title, "keywords": "；".join(clause.keywords)}
    assert entry.after == {"title": "新的标题", "keywords": "；".join(renamed.keywords)}


async def test_a_moved_close_keeps_both_days(desk, sqlite_database: Database) -> None:
    client = await desk()
    await sign_in(client, "editor")
    for closes in ("2026-06-30", "2026-07-31"):
        row = {"policy_id": "45", "opens_on": "2026-06-01", "closes_on": closes, "title": "一期", "url": ""}
        token = await csrf_of(client, "/console/windows")
        await client.post("/console/windows", data={"csrf": token, "confirmed": "yes", **row})
    entry = (await entries(sqlite_database))[0]
    assert entry.before == {"title": "一期", "closes_on": "2026-06-30"}
    assert entry.after == {"title": "一期", "closes_on": "2026-07-31"}


async def test_the_log_is_filtered_paged_and_taken_away(desk, sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        for number in range(60):
            record(session, "lin" if number % 2 else "wu", "提交", ("campaign", number))
        record(session, "lin", "发布", ("policy", 22))
    client = await desk()
    await sign_in(client, "approver")

    async def shown(query: str) -> list[str]:
        page = await (await client.get(f"/console/audit{query}")).text()
        return re.findall(r"<td>(推送 \d+|第22条)</td>", page)

    assert await shown("?actor=lin&action=提交") == [f"推送 {n}" for n in range(59, 0, -2)]
    assert await shown("?kind=policy") == ["第22条"]
    assert await shown("?until=2020-01-01") == []
    first = await shown("?since=2020-01-01")
    page = await (await client.get("/console/audit?since=2020-01-01")).text()
    older = re.search(r'href="/console/audit(\?[^"]+)">更早', page)
    assert older
    rest = await shown(html.unescape(older[1]))
    assert len([*first, *rest]) == len({*first, *rest}) == 61
    taken = await (await client.get("/console/audit/export.csv?actor=wu")).text()
    assert taken.count("提交") == 30
    assert "导出审计" in await (await client.get("/console/audit")).text()
    for nonsense in ("?before=" + "9" * 400, "?since=9999-12-31&until=9999-12-31", "?before=-1"):
        assert (await client.get(f"/console/audit{nonsense}")).status == 200
    viewer = await desk()
    await sign_in(viewer, "editor")
    assert (await viewer.get("/console/audit/export.csv")).status == 403
