"""Counts members by what decides about their alerts: one walk over all members, without naming anyone."""

from collections import Counter
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, func, select

from alerts.model.campaigns.audience import Audience
from alerts.model.recipients import preferences
from alerts.model.tables import Applied
from storage.sql.batches import Dialect, dialect_of
from storage.sql.database import Database
from subscriptions.members.preferences import Preferences
from subscriptions.members.recipients import PLAIN_PREFERENCES, topic_in
from subscriptions.tables import Member, Subscription, TopicSubscription

PAGE = 20_000
_BETWEEN_TOPICS = "\n"
_PREFERENCES = (
    "lead_days",
    "quiet_from",
    "quiet_until",
    "digest",
    "general",
    "announcements",
    "weekends",
    "deadlines_only",
    "paused_until",
)


@dataclass(frozen=True, slots=True)
class MemberSegment:
    """What decides about a member's alerts.

    Attributes:
        applied: windows, of those asked about, that the member has applied for.
        topics: ids of topics, of those asked about, that the member subscribes to.
    """

    preferences: Preferences
    tracks: frozenset[str]
    applied: frozenset[int]
    topics: frozenset[str] = frozenset()

    def concerns(self, audience: Audience) -> bool:
        """Whether an audience that names no members includes a member of this segment."""
        if not self.topics.isdisjoint(audience.topics):
            return True
        if audience.general:
            return self.preferences.general and bool(self.tracks)
        return audience.everyone or not self.tracks.isdisjoint(audience.tracks)


async def member_segments(
    database: Database, windows: Collection[int], topics: Collection[str] = (), *, page: int = PAGE
) -> AsyncIterator[Counter[MemberSegment]]:
    """Yield the members who follow the account, counted by segment, page by page.

    The database counts, so a page is a few hundred rows if many members have the same settings. Each page is a short
    read of its own, and memory stays flat.
    """
    after = 0
    while True:
        async with database.read() as session:
            rows = (await session.execute(_page(dialect_of(session), windows, topics, after, page))).all()
        if not rows:
            return
        alike: Counter[MemberSegment] = Counter()
        for *wanted, tracks, followed, applied, members, _ in rows:
            segment = MemberSegment(
                preferences(*wanted),
                _parts(tracks, ","),
                _windows(applied),
                _parts(followed, _BETWEEN_TOPICS),
            )
            alike[segment] += members
        yield alike
        after = max(row.last for row in rows)
        if alike.total() < page:
            return


def _page(
    dialect: Dialect, windows: Collection[int], topics: Collection[str], after: int, page: int
) -> Select[*tuple[Any, ...]]:
    one = (
        select(
            Member.id,
            *PLAIN_PREFERENCES,
        )
        .where(Member.following, Member.id > after)
        .order_by(Member.id)
        .limit(page)
        .subquery("one")
    )
    tracks = select(func.aggregate_strings(Subscription.track_id, ",")).where(
        Subscription.member_id == one.c.id
    )
    followed = select(func.aggregate_strings(TopicSubscription.topic, _BETWEEN_TOPICS)).where(
        TopicSubscription.member_id == one.c.id, topic_in(dialect, topics)
    )
    applied = select(func.aggregate_strings(cast(Applied.window_id, String), ",")).where(
        Applied.member_id == one.c.id, Applied.window_id.in_(windows)
    )
    whole = select(
        one,
        tracks.scalar_subquery().label("tracks"),
        followed.scalar_subquery().label("topics"),
        applied.scalar_subquery().label("applied"),
    ).subquery("whole")
    wanted = [whole.c[name] for name in _PREFERENCES]
    alike = [*wanted, whole.c.tracks, whole.c.topics, whole.c.applied]
    return select(*alike, func.count(), func.max(whole.c.id).label("last")).group_by(*alike)


def _parts(joined: str | None, between: str) -> frozenset[str]:
    return frozenset(joined.split(between)) if joined else frozenset()


def _windows(joined: str | None) -> frozenset[int]:
    return frozenset(map(int, joined.split(","))) if joined else frozenset()
