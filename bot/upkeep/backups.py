"""Backups of the embedded database: one file each, taken while everything runs.

By hand on SQLite's backup API: after a restore, members who were erased since the backup must be erased again.
"""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from bot.upkeep.restore_detection import NAME, Generation
from storage.clock import system_clock
from storage.sql.database import Database
from storage.sql.switches import Switch
from storage.sql.upsert import insert
from subscriptions.members.following import digest
from subscriptions.privacy.erasure import Erasing
from subscriptions.tables import Erasure, Member

_PAGE = 1_000


class BackupError(Exception):
    """A backup can't be made or restored; the message says why."""


def back_up(source: Path, target: Path) -> None:
    """Copy a SQLite database that may be in use, in its state at one instant. The copy is marked as a copy.

    Raises:
        BackupError: there is no database, the target exists or its folder does not, or the copy is damaged.
    """
    if not source.is_file():
        raise BackupError(f"there is no database at {source}")
    if target.exists():
        raise BackupError(f"{target} exists: a backup is never written over")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}: make it, or mount its disk")
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600))
    _copy(source, unfinished)
    check(unfinished)
    unfinished.rename(target)


def check(file: Path) -> None:
    """Check that a file is an undamaged database of this program.

    Raises:
        BackupError: it is not.
    """
    if not file.is_file():
        raise BackupError(f"there is no file {file}")
    try:
        with _reading(file) as read:
            (sound,) = read.execute("PRAGMA integrity_check(1)").fetchone()
            for table in ("alembic_version", Switch.__tablename__, Member.__tablename__):
                read.execute(f"SELECT 1 FROM {table}").fetchone()  # noqa: S608 - names of our own
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no database of policybot ({error})") from None
    if sound != "ok":
        raise BackupError(f"{file} is damaged: {sound}")


def put_back(backup: Path, database: Path) -> Path | None:
    """Replace the database by a backup; no process may use it. Returns the new path of the old database, or None.

    Raises:
        BackupError: the backup is damaged.
    """
    check(backup)
    fresh = database.with_name(database.name + ".restoring")
    fresh.unlink(missing_ok=True)
    _copy(backup, fresh)
    old = _put_aside(database)
    fresh.rename(database)
    return old


def _put_aside(database: Path) -> Path | None:
    if not database.exists():
        return None
    aside = database.with_name(f"{database.name}.replaced-{time.strftime('%Y%m%d-%H%M%S')}")
    database.rename(aside)
    for suffix in ("-wal", "-shm"):
        log = database.with_name(database.name + suffix)
        if log.exists():
            log.rename(aside.with_name(aside.name + suffix))
    return aside


def _reading(file: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True))


def _copy(source: Path, target: Path) -> None:
    with _reading(source) as read, closing(sqlite3.connect(target)) as copy:
        read.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file
        _mark_as_copy(copy)
        copy.commit()


def _mark_as_copy(copy: sqlite3.Connection) -> None:
    row = copy.execute("SELECT value FROM switches WHERE name = ?", (NAME,)).fetchone()
    if row is not None:
        marked = replace(Generation.read(row[0]), copy=True).text()
        copy.execute("UPDATE switches SET value = ? WHERE name = ?", (marked, NAME))


async def erase_again(old: Database, restored: Database, secret: bytes) -> int:
    """Erase from a restored database everyone whom the replaced one had erased; returns how many."""
    async with old.read() as session:
        digests = {row.digest: row.at for row in await session.scalars(select(Erasure))}
    erasing = Erasing(restored, system_clock, secret=secret)
    erased, after = 0, 0
    while digests:
        async with restored.read() as session:
            page = (
                await session.execute(
                    select(Member.id, Member.openid).where(Member.id > after).order_by(Member.id).limit(_PAGE)
                )
            ).all()
        if not page:
            break
        after = page[-1].id
        for member in page:
            if digest(member.openid) in digests:
                await erasing.erase(member.openid)
                erased += 1
    async with restored.write() as session:
        for one, at in digests.items():
            await session.execute(insert(session, Erasure).values(digest=one, at=at).on_conflict_do_nothing())
    return erased
