"""Members are counted by what decides about their alerts, in one walk however many alerts there are."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from alerts.forecast.member_segments import MemberSegment, member_segments
from alerts.forecast.preview import preview
from alerts.model.campaigns.audience import Audience
from alerts.model.tables import Applied
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from subscriptions.members.preferences import Digest, Preferences
from subscriptions.members.topics import clause_topic, department_topic
from tests.alerts.conftest import People
from tests.kit.clocks import SetClock

FIRST = date(2026, 11, 2)


@pytest.mark.parametrize("page", [2, 3, 100])
async def test_every_follower_is_counted_once_with_tracks_wishes_and_what_they_applied_for(
    database: Database, people: People, clock: SetClock, page: int
) -> None:
    await people.add("ai", "ships", n=3)
    (applied,) = await people.add("ai", digest="daily", lead_days=[7, 2])
    await people.add(n=2)
    await people.add("ai", following=False, unfollowed_at=clock())
    asked, other = [await people.window(policy, FIRST, FIRST + timedelta(days=9)) for policy in (45, 46)]
    async with database.write() as session:
        await session.execute(
            insert(Applied).values(
                [{"member_id": applied, "window_id": w, "at": clock()} for w in (asked, other)]
            )
        )
    found: Counter[MemberSegment] = Counter()
    async for alike in member_segments(database, {asked}, page=page):
        found += alike
    own = Preferences((7, 2), digest=Digest.DAILY)
    assert found == {
        MemberSegment(Preferences(), frozenset({"ai", "ships"}), frozenset()): 3,
        MemberSegment(own, frozenset({"ai"}), frozenset({asked})): 1,
        MemberSegment(Preferences(), frozenset(), frozenset()): 2,
    }


async def test_topics_that_are_asked_about_are_counted_too(database: Database, people: People) -> None:
    (one,) = await people.add()
    await people.topics(one, clause_topic(45), department_topic("区工信局"), clause_topic(10))
    found: Counter[MemberSegment] = Counter()
    async for alike in member_segments(database, (), {"clause:45", "department:区工信局", "clause:1"}):
        found += alike
    topics = frozenset({"clause:45", "department:区工信局"})
    assert found == {MemberSegment(Preferences(), frozenset(), frozenset(), topics): 1}
    (segment,) = found
    assert segment.concerns(Audience(general=True, topics=("clause:45",)))
    assert not segment.concerns(Audience(general=True, topics=("clause:1",)))


@pytest.mark.parametrize(
    ("audience", "concerned"),
    [
        (Audience(everyone=True), {"nothing", "ai", "quiet"}),
        (Audience(tracks=("ai", "ships")), {"ai", "quiet"}),
        (Audience(tracks=("ships",)), set()),
        (Audience(general=True), {"ai"}),
    ],
)
def test_an_audience_concerns_who_follows_its_tracks_or_wants_general_clauses(
    audience: Audience, concerned: set[str]
) -> None:
    ai = frozenset({"ai"})
    town = {
        "nothing": MemberSegment(Preferences(), frozenset(), frozenset()),
        "ai": MemberSegment(Preferences(), ai, frozenset()),
        "quiet": MemberSegment(Preferences(general=False), ai, frozenset()),
    }
    assert {name for name, profile in town.items() if profile.concerns(audience)} == concerned


async def test_a_preview_reads_the_members_as_often_for_many_windows_as_for_one(
    database: Database, store: PolicyStore, clock: SetClock, people: People
) -> None:
    await people.add("desalination", n=4)
    clock.on(FIRST)
    reads: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        reads.extend(["members"] * ("FROM members" in statement))

    counts = []
    for policy in (45, 46, 22, 42):
        await people.window(policy, FIRST, FIRST + timedelta(days=20 + policy % 5))
        reads.clear()
        assert await preview(database, store, clock, FIRST, 30)
        counts.append(len(reads))
    assert len(set(counts)) == 1
