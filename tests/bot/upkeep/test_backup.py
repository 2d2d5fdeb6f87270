"""Backups of the embedded database, and a database that was put back: it knows, and sends nothing by itself."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import select, text

from alerts.ledger.restored import doubtful, restored
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.kill_switch import resume_sending, stopped
from bot.runtime.data_folder import DataFolder, FolderInUseError
from bot.upkeep.backups import BackupError, back_up, check, erase_again, put_back
from bot.upkeep.restore_detection import RestoreDetector
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.privacy.erasure import Erasing
from subscriptions.tables import Member

SECRET = b"secret of the house"


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[Database]:
    database = Database.open(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder with a database in it."""
    place = tmp_path / "var"
    place.mkdir()
    shutil.copy(sqlite_template, place / "policybot.db")
    return place


async def runs(folder: Path, redis: Redis, beats: int = 3) -> bool:
    """A day of work on the folder: examined at the start, then alive for a while; whether it was found restored."""
    async with opened(folder / "policybot.db") as database:
        detector = RestoreDetector(database, folder, redis)
        found = await detector.check()
        for _ in range(beats):
            await detector.advance()
        async with database.read() as session:
            assert (await stopped(session) is not None) == (await restored(session) is not None)
        return found


async def announce(database: Database) -> int:
    async with database.write() as session:
        campaign = NewCampaign(
            key="announcement:1",
            kind=AlertKind.ANNOUNCEMENT,
            content=Content(title="申报提醒"),
            audience=Audience(everyone=True),
            created_by="王",
        )
        made = await create_campaign(session, campaign, system_clock())
        assert made is not None
        return made


async def by_copying_the_file(folder: Path, redis: Redis, work: Callable[[], Awaitable[object]]) -> None:
    shutil.copy(folder / "policybot.db", folder / "copy")
    await work()
    (folder / "policybot.db").write_bytes((folder / "copy").read_bytes())  # the same inode, the notes stay


async def by_copying_the_folder(folder: Path, redis: Redis, work: Callable[[], Awaitable[object]]) -> None:
    shutil.copytree(folder, folder.with_name("kept"))
    await work()
    shutil.move(folder, folder.with_name("lost"))
    shutil.copytree(folder.with_name("kept"), folder)
    await redis.flushall()  # the embedded Valkey keeps nothing


async def by_copying_the_file_on_a_machine_without_notes(
    folder: Path, redis: Redis, work: Callable[[], Awaitable[object]]
) -> None:
    await by_copying_the_file(folder, redis, work)
    (folder / "life.json").unlink()


async def by_our_own_backup(folder: Path, redis: Redis, work: Callable[[], Awaitable[object]]) -> None:
    back_up(folder / "policybot.db", folder.with_name("backup.db"))
    await work()
    (folder / "life.json").unlink()
    await redis.flushall()
    put_back(folder.with_name("backup.db"), folder / "policybot.db")


async def by_pouring_our_backup_into_the_file(
    folder: Path, redis: Redis, work: Callable[[], Awaitable[object]]
) -> None:
    back_up(folder / "policybot.db", folder.with_name("backup.db"))
    await work()
    (folder / "life.json").unlink()
    await redis.flushall()
    (folder / "policybot.db").write_bytes(folder.with_name("backup.db").read_bytes())


@pytest.mark.parametrize(
    "way",
    [
        by_pouring_our_backup_into_the_file,
        by_copying_the_file,
        by_copying_the_folder,
        by_copying_the_file_on_a_machine_without_notes,
        by_our_own_backup,
    ],
)
async def test_a_database_that_was_put_back_knows_and_stops_until_an_operator_lets_go(
    folder: Path, redis_client: Redis, way: Callable[..., Awaitable[None]]
) -> None:
    async with opened(folder / "policybot.db") as database:
        campaign = await announce(database)
    assert not await runs(folder, redis_client)
    await way(folder, redis_client, lambda: runs(folder, redis_client))

    assert await runs(folder, redis_client)
    assert not await runs(folder, redis_client)  # found once
    async with opened(folder / "policybot.db") as database, database.write() as session:
        holds = await stopped(session)
        assert holds is not None
        assert "备份" in holds.reason
        assert [one.campaign_id for one in await doubtful(session)] == [campaign]
        assert await resume_sending(session)
        assert await restored(session) is None
    assert not await runs(folder, redis_client)


async def test_restarts_another_redis_and_a_new_database_are_no_restoring(
    folder: Path, redis_client: Redis, sqlite_template: Path
) -> None:
    assert [await runs(folder, redis_client) for _ in range(3)] == [False] * 3
    await redis_client.flushall()
    assert not await runs(folder, redis_client)
    (folder / "policybot.db").unlink()
    shutil.copy(sqlite_template, folder / "policybot.db")  # nothing was ever to be sent
    assert not await runs(folder, redis_client)


async def test_a_database_put_back_under_a_running_process_is_found_by_the_next_beat(
    postgres_url: str, redis_client: Redis, tmp_path: Path
) -> None:
    database = Database.open(postgres_url)
    detector = RestoreDetector(database, tmp_path, redis_client)
    for _ in range(3):
        await detector.advance()
    async with database.read() as session:
        kept = await session.scalar(text("SELECT value FROM switches WHERE name = 'life'"))
    await detector.advance()
    async with database.write() as session:
        await session.execute(text("UPDATE switches SET value = :kept WHERE name = 'life'"), {"kept": kept})
    await detector.advance()
    async with database.read() as session:
        assert await stopped(session) is not None
    await database.close()


async def test_a_backup_is_whole_while_the_database_is_written_and_erased_stays_erased(
    folder: Path, tmp_path: Path
) -> None:
    backup, file = tmp_path / "backups" / "night.db", folder / "policybot.db"
    async with opened(file) as database:
        members = Members(database, system_clock)
        for openid in ("o-anna", "o-bert"):
            await members.ensure(openid)
        with pytest.raises(BackupError, match="mount its disk"):
            back_up(file, backup)
        backup.parent.mkdir()
        back_up(file, backup)
        assert backup.stat().st_mode & 0o077 == 0
        await members.ensure("o-carl")
        await Erasing(database, system_clock, secret=SECRET).erase("o-anna")
    with pytest.raises(BackupError, match="never written over"):
        back_up(file, backup)

    old = put_back(backup, file)

    assert old is not None
    async with opened(old) as replaced, opened(file) as database:
        assert await erase_again(replaced, database, SECRET) == 1
        async with database.read() as session:
            assert (await session.scalars(select(Member.openid))).all() == ["o-bert"]
    assert b"o-anna" not in file.read_bytes()
    check(file)


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_what_is_no_backup_is_refused_and_the_database_stays(
    folder: Path, tmp_path: Path, content: bytes
) -> None:
    before = (folder / "policybot.db").read_bytes()
    (tmp_path / "wrong").write_bytes(content)
    with pytest.raises(BackupError):
        put_back(tmp_path / "wrong", folder / "policybot.db")
    assert (folder / "policybot.db").read_bytes() == before


def test_a_damaged_backup_is_refused(folder: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    content = bytearray((folder / "policybot.db").read_bytes())
    content[8192:16384] = b"\x55" * 8192
    damaged.write_bytes(content)
    with pytest.raises(BackupError):
        put_back(damaged, folder / "policybot.db")


def test_nothing_is_put_back_under_a_running_up(folder: Path) -> None:
    with DataFolder(folder).locked(), pytest.raises(FolderInUseError), DataFolder(folder).locked():
        pass


def test_a_database_of_another_program_is_not_put_back(tmp_path: Path) -> None:
    """One that Alembic keeps has the same table of revisions."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
        other.execute("INSERT INTO alembic_version VALUES ('0001')")
        other.commit()
    with pytest.raises(BackupError, match="no database of policybot"):
        put_back(tmp_path / "other.db", tmp_path / "policybot.db")
    assert [file.name for file in tmp_path.iterdir()] == ["other.db"]
