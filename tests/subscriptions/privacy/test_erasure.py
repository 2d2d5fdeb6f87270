"""Erased means erased: no table, no Redis key, no file under the data folder, no log."""

import logging
import random
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.pseudonym import pseudonym
from storage.redis.client import open_redis
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.messaging_rights.grants import Grants
from subscriptions.privacy.erasure import Erasing, holding, rows_with
from subscriptions.tables import Member
from tests.kit.clocks import SetClock
from tests.subscriptions.conftest import plant_tracks

SECRET = b"secret"


def openids(count: int) -> list[str]:
    dice = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
    return ["oWx" + "".join(dice.choices(letters, k=25)) for _ in range(count)]


def everything_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_an_erased_member_stands_in_no_table_and_no_redis_key(
    members: Members,
    database: Database,
    clock: SetClock,
    redis_client: Redis,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.INFO)
    member_id = await members.ensure("o-anna")
    await members.subscribe(member_id, ["ai", "ic"], source=ChangeSource.CHAT)
    await members.companies.bind(member_id, "91350100M000100Y43", "某某公司")
    await Grants(database).accept(member_id, ["A"])
    await redis_client.set(f"session:{pseudonym(SECRET, 'o-anna')}", b"{}")
    await redis_client.set(f"session:{pseudonym(SECRET, 'o-bert')}", b"{}")
    assert await rows_with(database, "o-anna") == {"members": 1}

    erased = await Erasing(database, clock, secret=SECRET, redis=redis_client).erase("o-anna")

    assert (erased.was_member, erased.redis_keys, erased.remains) == (True, 1, ())
    assert await rows_with(database, "o-anna") == {}
    assert await members.tracks(member_id) == ()
    assert await redis_client.keys() == [f"session:{pseudonym(SECRET, 'o-bert')}".encode()]
    logged = caplog.text + "".join(capsys.readouterr())
    assert "erasure.member_erased" in logged
    assert "o-anna" not in logged


async def test_an_erased_openid_stands_in_no_file_of_the_data_folder(
    sqlite_database: Database, clock: SetClock, tmp_path: Path
) -> None:
    members = Members(sqlite_database, clock)
    await plant_tracks(sqlite_database)
    people = openids(3_000)
    for start in range(0, len(people), 100):  # many small writes: pages split, the log grows
        async with sqlite_database.write() as session:
            session.add_all(
                Member(openid=openid, followed_at=clock.now) for openid in people[start : start + 100]
            )
    for openid in people[::7]:
        await members.follow(openid)
    async with sqlite_database.write() as session:
        await session.execute(update(Member).values(quiet_from=0))
    sought = random.Random(2).sample(people, 12)
    files = everything_under(tmp_path)
    assert all(holding(files, openid) for openid in sought)

    erasing = Erasing(sqlite_database, clock, secret=SECRET)
    for openid in sought:
        assert (await erasing.erase(openid)).remains == ()

    files = everything_under(tmp_path)
    assert len(files) >= 2
    for openid in sought:
        assert holding(files, openid) == ()
    assert await members.id_of(next(iter(set(people) - set(sought)))) is not None


async def test_erasing_a_stranger_finds_nothing_and_says_so(
    members: Members, database: Database, clock: SetClock
) -> None:
    erased = await Erasing(database, clock, secret=SECRET).erase("o-nobody")
    assert (erased.was_member, erased.remains) == (False, ())


async def test_the_error_of_a_statement_does_not_name_the_person(
    members: Members, database: Database
) -> None:
    with pytest.raises(DBAPIError) as error:
        async with database.read() as session:
            await session.execute(text("SELECT nothing FROM members WHERE openid = :who"), {"who": "o-anna"})
    assert "o-anna" not in str(error.value)


async def test_erasing_goes_to_its_end_while_redis_is_away_and_says_so(
    members: Members, database: Database, clock: SetClock, unused_tcp_port: int
) -> None:
    await members.ensure("o-anna")
    away = open_redis(f"redis://127.0.0.1:{unused_tcp_port}")
    erased = await Erasing(database, clock, secret=SECRET, redis=away).erase("o-anna")
    assert (erased.was_member, erased.redis_keys, erased.remains) == (True, None, ())
    await away.aclose()


async def test_who_can_not_be_noted_in_the_log_is_not_erased(
    members: Members, database: Database, clock: SetClock
) -> None:
    await members.ensure("o-anna")

    def full_log(_session: AsyncSession, _member_id: int | None) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        await Erasing(database, clock, secret=SECRET).erase("o-anna", audit=full_log)
    assert await rows_with(database, "o-anna") == {"members": 1}
