"""The recipients of an audience (tracks, everyone, …), page by page.

Each page is a short read of its own, by keyset on the member's id. A stream over a million members holds no
transaction, and no more than one page in memory.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, String, cast, exists, false, func, or_, select, union

from storage.sql.batches import Dialect, dialect_of, rows_as_table
from storage.sql.database import Database
from subscriptions.members.preferences import Digest, Preferences
from subscriptions.profiles.tables import ProfileConsent
from subscriptions.tables import Member, Subscription, TopicSubscription

PAGE = 5_000
PREFERENCES = (
    Member.lead_days,
    Member.quiet_from,
    Member.quiet_until,
    Member.digest,
    Member.general,
    Member.announcements,
    Member.weekends,
    Member.deadlines_only,
    Member.paused_until,
)
"""The columns of a member's preferences, in the order of `Preferences`; `preferences_of` reads a row of them."""
PLAIN_PREFERENCES = (
    cast(Member.lead_days, String).label("lead_days"),
    *PREFERENCES[1:-1],
    cast(Member.paused_until, String).label("paused_until"),
)
"""The preferences as plain values: the days as JSON, a date as text."""


@dataclass(frozen=True, slots=True)
class MemberQuery:
    """Whom an alert is for. Exactly one attribute is set; `topics` may stand beside `tracks` or `general`.

    Attributes:
        tracks: subscribers of any of these tracks.
        everyone: all followers of the account.
        general: followers who subscribe to any track and want 通用 clauses.
        members: these members, by id.
        topics: also subscribers of any of these topics, by id; beside `tracks` or `general`.
        profiles: followers who want to hear what fits the profile that they keep.
        but_not_tracks: of these, no subscribers of any of these tracks.
        but_not_topics: of these, no subscribers of any of these topics.
        but_not_general: of these, no subscribers who want 通用 clauses.
    """

    tracks: tuple[str, ...] = ()
    everyone: bool = False
    general: bool = False
    members: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    profiles: bool = False
    but_not_tracks: tuple[str, ...] = ()
    but_not_topics: tuple[str, ...] = ()
    but_not_general: bool = False

    def __post_init__(self) -> None:
        """Check that exactly one attribute is set, apart from `topics`.

        Raises:
            ValueError: none or several are set.
        """
        if sum(map(bool, (self.tracks, self.everyone, self.general, self.members, self.profiles))) != 1:
            raise ValueError("an audience is tracks, everyone, general, members or profiles")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member of an audience, with their preferences."""

    member_id: int
    preferences: Preferences


async def recipients(
    database: Database,
    audience: MemberQuery,
    *,
    after: int = 0,
    page: int = PAGE,
    chose_profiles: bool = False,
) -> AsyncIterator[list[Recipient]]:
    """Pages of the members of an audience who follow the account now, in order of member id.

    Args:
        database: the database.
        audience: whom to list.
        after: begin after this member id, the last one of an earlier page.
        page: rows in a page.
        chose_profiles: only members who want to hear what fits the profile that they keep.
    """
    while True:
        named = _next(audience.members, after, page)
        if audience.members and not named:
            return
        async with database.read() as session:
            dialect = dialect_of(session)
            statement = _page(dialect, audience, named, after, page, chose_profiles=chose_profiles)
            rows = (await session.execute(statement)).all()
        if not rows and not named:
            return
        found = [_recipient(row) for row in rows if row.wanted]
        if found:
            yield found
        if len(rows) < page and not named:
            return
        after = named[-1] if named else rows[-1].id  # named members may have been erased, even all of a page


async def count(database: Database, audience: MemberQuery, *conditions: ColumnElement[bool]) -> int:
    """Return the current size of an audience, counted by the database. Only members who meet all conditions are counted."""
    statement = select(func.count()).select_from(Member).where(*_members_of(database, audience), *conditions)
    async with database.read() as session:
        return await session.scalar(statement) or 0


async def count_by_hours(
    database: Database, audience: MemberQuery, *conditions: ColumnElement[bool]
) -> list[tuple[Preferences, int]]:
    """Count an audience for each choice of quiet hours and weekends. The preferences hold only these."""
    hours = (Member.quiet_from, Member.quiet_until, Member.weekends)
    statement = select(*hours, func.count()).where(*_members_of(database, audience), *conditions)
    async with database.read() as session:
        rows = (await session.execute(statement.group_by(*hours))).all()
    return [
        (Preferences(quiet_from=begin, quiet_until=end, weekends=weekends), members)
        for begin, end, weekends, members in rows
    ]


def _members_of(database: Database, audience: MemberQuery) -> list[ColumnElement[bool]]:
    dialect: Dialect = "sqlite" if database.is_sqlite else "postgresql"
    conditions = [_wanted(dialect, audience)]
    if audience.members:
        conditions.append(Member.id.in_(audience.members))
    if audience.tracks:
        conditions.append(subscribes_to(dialect, audience.tracks, audience.topics))
    return conditions


def _page(
    dialect: Dialect,
    audience: MemberQuery,
    named: Sequence[int],
    after: int,
    page: int,
    *,
    chose_profiles: bool,
) -> Executable:
    columns = (Member.id, *PREFERENCES)
    if audience.profiles or chose_profiles:
        subscribes = (
            [subscribes_to(dialect, audience.tracks, audience.topics)]
            if audience.tracks
            else [Member.id.in_(named)]
            if audience.members
            else []
        )
        return (
            select(*columns, _wanted(dialect, audience).label("wanted"))
            .where(_chose_profiles(), Member.id > after, *subscribes)
            .order_by(Member.id)
            .limit(page)
        )
    if not audience.tracks:
        statement = select(*columns, _wanted(dialect, audience).label("wanted")).where(Member.id > after)
        if audience.members:
            statement = statement.where(Member.id.in_(named))
        return statement.order_by(Member.id).limit(page)
    ids = _ids_of_subscribers(dialect, audience, after, page).subquery()
    return (
        select(*columns, Member.following.label("wanted"))
        .join(ids, ids.c.member_id == Member.id)
        .order_by(Member.id)
    )


def _wanted(dialect: Dialect, audience: MemberQuery) -> Any:
    """Whether a member is of the audience, its tracks and names apart."""
    if audience.general:
        return Member.following & (_general() | subscribes_to(dialect, (), audience.topics))
    if not audience.profiles:
        return Member.following
    others = subscribes_to(dialect, audience.but_not_tracks, audience.but_not_topics)
    wanted = Member.following & _chose_profiles() & ~others
    return wanted & ~_general() if audience.but_not_general else wanted


def _chose_profiles() -> Any:
    return Member.id.in_(select(ProfileConsent.member_id).where(ProfileConsent.alerts))


def _general() -> Any:
    return Member.general & exists().where(Subscription.member_id == Member.id)


def subscribes_to(dialect: Dialect, tracks: Sequence[str], topics: Sequence[str]) -> ColumnElement[bool]:
    """Whether a member subscribes to one of these tracks or topics."""
    ways: list[ColumnElement[bool]] = [false()]
    if tracks:
        ways.append(exists().where(Subscription.member_id == Member.id, Subscription.track_id.in_(tracks)))
    if topics:
        ways.append(exists().where(TopicSubscription.member_id == Member.id, topic_in(dialect, topics)))
    return or_(*ways)


def subscribes_to_anything() -> ColumnElement[bool]:
    """Whether a member subscribes to any track or topic."""
    to_track = exists().where(Subscription.member_id == Member.id)
    return or_(to_track, exists().where(TopicSubscription.member_id == Member.id))


def topic_in(dialect: Dialect, topics: Iterable[str]) -> ColumnElement[bool]:
    """Whether a topic subscription is to one of these; one bound value, since an edition may have thousands."""
    given = rows_as_table(dialect, [[topic] for topic in topics], topic=String)
    return TopicSubscription.topic.in_(select(given.c.topic))


def _next(members: Sequence[int], after: int, page: int) -> list[int]:
    return sorted(member for member in members if member > after)[:page]


def _ids_of_subscribers(dialect: Dialect, audience: MemberQuery, after: int, page: int) -> Any:
    """Return the next member ids of all tracks and topics: a page of each track and of the topics, merged.

    Each is read by its index; `members` is never scanned.
    """
    subscribed: list[tuple[Any, ColumnElement[bool]]] = [
        (Subscription.member_id, Subscription.track_id == track) for track in audience.tracks
    ]
    if audience.topics:
        subscribed.append((TopicSubscription.member_id, topic_in(dialect, audience.topics)))
    singles = [
        select(member_id.label("member_id"))
        .where(this, member_id > after)
        .distinct()
        .order_by(member_id)
        .limit(page)
        .subquery()
        for member_id, this in subscribed
    ]
    if len(singles) == 1:
        return select(singles[0].c.member_id)
    merged = union(*(select(single.c.member_id) for single in singles)).subquery()
    return select(merged.c.member_id).order_by(merged.c.member_id).limit(page)


def _recipient(row: Any) -> Recipient:
    return Recipient(row.id, preferences_of(row))


def preferences_of(row: Any) -> Preferences:
    """Return the preferences in a row that contains their columns of `members`."""
    lead_days = None if row.lead_days is None else tuple(row.lead_days)
    return Preferences(
        lead_days,
        row.quiet_from,
        row.quiet_until,
        Digest(row.digest),
        row.general,
        row.announcements,
        row.weekends,
        row.deadlines_only,
        row.paused_until,
    )
