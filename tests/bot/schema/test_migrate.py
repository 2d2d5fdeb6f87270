"""The schema is the models', on both databases, however many start at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Integer, text

import subscriptions.tables  # noqa: F401 - imported for their tables
from bot.schema import migrations
from bot.schema.current import SchemaBehindError, newest_revision, require_current_schema
from bot.schema.migrate import _config, missing_revisions, upgrade_database
from bot.schema.tables import metadata
from policies.library.changes import PolicyChange
from policies.publishing.drafts import Drafts
from policies.publishing.imported import Imported
from policies.publishing.store import PolicyStore
from storage.sql.database import Database


async def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.read() as session:
        assert await (await session.connection()).run_sync(differences) == []
    assert await missing_revisions(database) == []


async def test_a_start_knows_the_newest_revision_without_alembic(database: Database) -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_heads() == [newest_revision()]
    await require_current_schema(database, migrate=False)


async def test_a_database_without_tables_is_brought_to_the_current_schema(tmp_path: Path) -> None:
    new = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(SchemaBehindError, match="0001"):
        await require_current_schema(new, migrate=False)
    await require_current_schema(new, migrate=True)
    assert await missing_revisions(new) == []
    await new.close()


async def test_many_that_start_at_once_upgrade_once(tmp_path: Path) -> None:
    several = [Database.open(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}") for _ in range(8)]
    await asyncio.gather(*(upgrade_database(database) for database in several))
    assert await missing_revisions(several[0]) == []
    for database in several:
        await database.close()


NEVER_DELETED = {
    "district_revisions",
    "question_groups",
    "asked_questions",
    "revisions",
    "guide_revisions",
    "publications",
    "mass_jobs",
    "hand_over_lines",
    "subscription_changes",
    "operators",
    "api_keys",
    "audit_log",
}
"""Or, of lines and changes: their ids stand nowhere."""


async def test_an_id_that_stands_in_a_key_a_link_or_a_message_never_comes_back(
    sqlite_database: Database,
) -> None:
    """SQLite gives the last row's id out again when the row has gone, unless it counts on by itself."""
    numbered = {
        table.name
        for table in metadata.tables.values()
        if [column.name for column in table.primary_key] == ["id"]
        and isinstance(table.c.id.type, Integer)
        and table.c.id.autoincrement
    }
    async with sqlite_database.read() as session:
        counting = await session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
        )
    assert numbered - set(counting) == NEVER_DELETED & numbered


def _to(revision: str) -> Callable[[Connection], None]:
    return lambda connection: command.upgrade(_config(connection), revision)


async def test_windows_and_what_hangs_on_them_outlive_the_upgrade(tmp_path: Path) -> None:
    """A window deleted before the upgrade (id 9 in an old alert) does not lend its id to the next one."""
    database = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'old.db'}")
    async with database.write() as session:
        await (await session.connection()).run_sync(_to("0004"))
    at = "2026-11-01 00:00:00.000000"
    async with database.write() as session:
        for row in (
            "INSERT INTO windows VALUES (7, 45, '海水淡化：甲', '2026-11-02', '2026-12-15', '', 0, :at, :at)",
            "INSERT INTO members (id, openid, following, followed_at, company_confirmed, quiet_from, quiet_until,"
            " digest, general, message_left, action_left)"
            " VALUES (1, 'o1', 1, :at, 0, 1260, 510, 'none', 1, 0, 0)",
            "INSERT INTO applied VALUES (1, 7, :at)",
            "INSERT INTO campaigns (id, key, kind, title, content, audience, channel, status, window_id,"
            " snapshot_state, snapshot_after, pause_told, created_by, created_at, updated_at) VALUES"
            " (3, 'window:9:x', 'opening', 't', json_object('window_id', 9), '{}', 'auto', 'done', 7, 'complete',"
            " 0, 0, 'x', :at, :at)",
            "INSERT INTO deliveries (id, campaign_id, member_id, state, attempts) VALUES (5, 3, 1, 'sent', 1)",
        ):
            await session.execute(text(row), {"at": at})
    await upgrade_database(database)
    async with database.read() as session:
        kept = [
            await session.scalar(text(asked))
            for asked in (
                "SELECT title FROM windows WHERE id = 7",
                "SELECT count(*) FROM applied",
                "SELECT window_id FROM campaigns",
                "SELECT state FROM deliveries WHERE id = 5",
                "SELECT announcements FROM members",
                "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'deliveries'"
                " AND sql LIKE '%WHERE%'",
                "PRAGMA foreign_keys",
            )
        ]
    assert kept == ["海水淡化：甲", 1, 7, "sent", 1, 5, 1]
    async with database.write() as session:
        new = (
            "INSERT INTO windows (policy_id, title, opens_on, closes_on, url, sample, created_at, updated_at)"
        )
        values = "VALUES (1, 'b', '2026-11-02', '2026-12-15', '', 0, :at, :at) RETURNING id"
        assert await session.scalar(text(f"{new} {values}"), {"at": at}) == 10
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
async def empty_database(empty_url: str) -> AsyncIterator[Database]:
    """A database without tables; the test runs once on each kind."""
    opened = Database.open(empty_url)
    yield opened
    await opened.close()


_OLD_CLAUSE = {
    "id": 45,
    "section": 1,
    "title": "海水淡化",
    "text": "支持海水淡化规模化利用。",
    "basis": [{"title": "若干政策"}],
    "departments": ["区海洋发展局"],
}
_OLD_SURROUNDINGS = {
    "source": {"document": "某汇编", "issuer": "某处", "edition": "2026年1月"},
    "preamble": "前言。",
    "contact": dict.fromkeys(("text", "office", "address", "phone", "download", "form", "url"), "x"),
    "sections": [{"number": 1, "title": "海洋"}],
}


async def test_the_one_compendium_becomes_a_document_and_its_numbers_the_keys(
    empty_database: Database,
) -> None:
    """Drafts, what is published and what was: all can be read; what hangs on a number hangs on the key."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    typed_at = "2026-11-01 00:00:00.000000" if empty_database.is_sqlite else at
    async with empty_database.write() as session:
        connection = await session.connection()
        await connection.run_sync(_to("0009"))
        for subject, number, state, data in (
            (0, 1, "published", _OLD_SURROUNDINGS),
            (45, 1, "replaced", _OLD_CLAUSE),
            (45, 2, "published", {**_OLD_CLAUSE, "title": "海水淡化项目"}),
            (1200, 1, "draft", {**_OLD_CLAUSE, "id": 1200}),
        ):
            values = {"s": subject, "n": number, "t": state, "d": json.dumps(data), "at": typed_at}
            await session.execute(
                text(
                    "INSERT INTO revisions (subject, number, state, data, retires, edits, author, note, created_at,"
                    " updated_at, return_reason) VALUES (:s, :n, :t, :d, false, 1, 'x', '', :at, :at, '')"
                ),
                values,
            )
        await session.execute(text("INSERT INTO compendium_state (id, version) VALUES (1, 3)"))
    await upgrade_database(empty_database)
    store = PolicyStore(empty_database, lambda: at)
    library = await store.published()
    [document] = library.documents
    assert (document.title, document.issuer, document.edition) == ("某汇编", "某处", "2026年1月")
    [clause] = library.policies
    assert (clause.key, clause.label, clause.document, clause.title) == (
        45,
        "45",
        document.id,
        "海水淡化项目",
    )
    assert library.name(clause) == "第45条"
    assert [one.number for one in await store.history(45)] == [2, 1]
    drafts = Drafts(empty_database, lambda: at)
    [waiting] = await drafts.open()
    assert (waiting.subject, waiting.content.key) == (1200, 1200)
    new = clause.model_copy(update={"key": 46, "label": "46"})
    [made] = await drafts.begin_all(Imported([PolicyChange(46, None, new)], None), author="x", note="")
    assert made.subject == 1201  # a key that nothing had before
