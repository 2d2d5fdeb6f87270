"""A seeded library, a clock to set, members with preferences, windows, and the scheduler's lease."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path

import pytest
import redis.asyncio
from pyreqwest.client import Client
from sqlalchemy import insert

from alerts.lease.lease import SCHEDULER, HeldLease, take
from policies.library.library_file import load_library
from policies.library.tables import WindowRow
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.topics import Topic
from subscriptions.tables import Member, Subscription
from tests.alerts.delivery_stage import Stage, Wechat, wechat_on_the_desk
from tests.alerts.unlisted_moves import note_unlisted_moves, unlisted_moves
from tests.kit.clocks import SetClock
from tests.kit.seeded_databases import SEEDED_AT


@pytest.fixture
def clock() -> SetClock:
    return SetClock(SEEDED_AT)


@pytest.fixture
def holds_library(request: pytest.FixtureRequest) -> bool:
    """The databases of tests that ask for `store` hold the library already: to fill one takes longer than most of them."""
    return "store" in request.fixturenames


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    """A database in which rows and campaigns only move as their tables say, unless a test moves some by hand."""
    file = Path(sqlite_url.removeprefix("sqlite+aiosqlite:///"))
    note_unlisted_moves(file)
    yield sqlite_url
    assert request.node.get_closest_marker("moves_by_hand") or unlisted_moves(file) == set()


@pytest.fixture
def store(database: Database, clock: SetClock) -> PolicyStore:
    """The published library and the tracks, on each kind of database."""
    return PolicyStore(database, clock)


@pytest.fixture
async def held(database: Database) -> HeldLease:
    """The scheduler's lease, long enough for a test."""
    held = await take(database, SCHEDULER, "test", seconds=3600)
    assert held is not None
    return held


class People:
    """Puts members and windows into the database."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        self._database = database
        self._clock = clock
        self._numbers = count(1)

    async def add(self, *tracks: str, n: int = 1, **preferences: object) -> list[int]:
        """Members who follow these tracks; their ids."""
        values = {"followed_at": self._clock(), **preferences}
        async with self._database.write() as session:
            ids = list(
                await session.scalars(
                    insert(Member).returning(Member.id),
                    [{"openid": f"o{next(self._numbers)}", **values} for _ in range(n)],
                )
            )
            rows = [
                {"member_id": member_id, "track_id": track, "since": self._clock()}
                for member_id in ids
                for track in tracks
            ]
            if rows:
                await session.execute(insert(Subscription), rows)
        return ids

    async def follow(self, member_id: int, track: str) -> None:
        """Let a member follow a track."""
        async with self._database.write() as session:
            session.add(Subscription(member_id=member_id, track_id=track, since=self._clock()))

    async def topics(self, member_id: int, *topics: Topic) -> None:
        """Let a member subscribe to topics."""
        await Members(self._database, self._clock).subscribe_topics(member_id, topics)

    async def window(
        self, policy_id: int, opens_on: date, closes_on: date, title: str = "", *, sample: bool = False
    ) -> int:
        """An application window; its id."""
        now = self._clock()
        row = WindowRow(
            policy_id=policy_id,
            title=title or f"第{policy_id}条申报",
            opens_on=opens_on,
            closes_on=closes_on,
            sample=sample,
            created_at=now,
            updated_at=now,
        )
        async with self._database.write() as session:
            session.add(row)
            await session.flush()
            return row.id


@pytest.fixture
def people(database: Database, store: PolicyStore, clock: SetClock) -> People:
    return People(database, clock)


def tracks_of(policies: Sequence[int] = ()) -> dict[int, tuple[str, ...]]:
    """Tracks of clauses of the library that comes with the program; () is 通用."""
    return {p.key: p.tracks for p in load_library().policies if not policies or p.key in policies}


@pytest.fixture
async def wechat() -> AsyncIterator[Wechat]:
    """The sandbox as WeChat."""
    async with wechat_on_the_desk() as desk:
        yield desk


@pytest.fixture
def stage(
    database: Database,
    redis_client: "redis.asyncio.Redis",
    clock: SetClock,
    wechat: Wechat,
    http_client: Client,
) -> Stage:
    """Everything a delivery needs, on each kind of database."""
    return Stage(database, redis_client, clock, wechat, http_client)
