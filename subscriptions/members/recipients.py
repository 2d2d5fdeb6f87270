"""The recipients of an audience (tracks, everyone, …), page by page.

Each page is a short read of its own, by keyset on the member's id. A stream over a million members holds no
transaction, and no more than one page in memory.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, exists, func, select, union

from storage.sql.database import Database
from subscriptions.members.preferences import Digest, Preferences
from subscriptions.profiles.tables import ProfileConsent
from subscriptions.tables import Member, Subscription

PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an alert is for. Exactly one attribute is set.

    Attributes:
        tracks: subscribers of any of these tracks.
        everyone: all followers of the account.
        general: followers who subscribe to any track and want 通用 clauses.
        members: these members, by id.
        profiles: followers who want to hear what fits the profile that they keep.
        but_not_tracks: of these, no subscribers of any of these tracks.
        but_not_general: of these, no subscribers who want 通用 clauses.
    """

    tracks: tuple[str, ...] = ()
    everyone: bool = False
    general: bool = False
    members: tuple[int, ...] = ()
    profiles: bool = False
    but_not_tracks: tuple[str, ...] = ()
    but_not_general: bool = False

    def __post_init__(self) -> None:
        """Check that exactly one attribute is set.

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
    database: Database, audience: Audience, *, after: int = 0, page: int = PAGE
) -> AsyncIterator[list[Recipient]]:
    """Pages of the members of an audience who follow the account now, in order of member id.

    Args:
        database: the database.
        audience: whom to list.
        after: begin after this member id, the last one of an earlier page.
        page: rows in a page.
    """
    while True:
        named = _next(audience.members, after, page)
        if audience.members and not named:
            return
        async with database.read() as session:
            rows = (await session.execute(_page(audience, named, after, page))).all()
        if not rows and not named:
            return
        found = [_recipient(row) for row in rows if row.wanted]
        if found:
            yield found
        if len(rows) < page and not named:
            return
        after = named[-1] if named else rows[-1].id  # named members may have been erased, even all of a page


async def count(database: Database, audience: Audience, *conditions: ColumnElement[bool]) -> int:
    """The current size of an audience, counted by the database. Only members who meet all conditions are counted."""
    statement = select(func.count()).select_from(Member).where(_wanted(audience), *conditions)
    if audience.members:
        statement = statement.where(Member.id.in_(audience.members))
    if audience.tracks:
        follows = exists().where(
            Subscription.member_id == Member.id, Subscription.track_id.in_(audience.tracks)
        )
        statement = statement.where(follows)
    async with database.read() as session:
        return await session.scalar(statement) or 0


def _page(audience: Audience, named: Sequence[int], after: int, page: int) -> Executable:
    columns = (
        Member.id,
        Member.lead_days,
        Member.quiet_from,
        Member.quiet_until,
        Member.digest,
        Member.general,
        Member.announcements,
    )
    if audience.profiles:
        return (
            select(*columns, _wanted(audience).label("wanted"))
            .where(_chose_profiles(), Member.id > after)
            .order_by(Member.id)
            .limit(page)
        )
    if not audience.tracks:
        statement = select(*columns, _wanted(audience).label("wanted")).where(Member.id > after)
        if audience.members:
            statement = statement.where(Member.id.in_(named))
        return statement.order_by(Member.id).limit(page)
    ids = _ids_of_tracks(audience.tracks, after, page).subquery()
    return (
        select(*columns, Member.following.label("wanted"))
        .join(ids, ids.c.member_id == Member.id)
        .order_by(Member.id)
    )


def _wanted(audience: Audience) -> Any:
    """Whether a member is of the audience, its tracks and names apart."""
    if audience.general:
        return _general()
    if not audience.profiles:
        return Member.following
    wanted = Member.following & _chose_profiles()
    if audience.but_not_tracks:
        wanted &= ~exists().where(
            Subscription.member_id == Member.id, Subscription.track_id.in_(audience.but_not_tracks)
        )
    return wanted & ~_general() if audience.but_not_general else wanted


def _chose_profiles() -> Any:
    return Member.id.in_(select(ProfileConsent.member_id).where(ProfileConsent.alerts))


def _general() -> Any:
    subscribes = exists().where(Subscription.member_id == Member.id)
    return Member.following & Member.general & subscribes


def _next(members: Sequence[int], after: int, page: int) -> list[int]:
    return sorted(member for member in members if member > after)[:page]


def _ids_of_tracks(tracks: Sequence[str], after: int, page: int) -> Any:
    """The next member ids of all tracks: one page of each track by its index, merged. `members` is never scanned."""
    singles = [
        select(Subscription.member_id)
        .where(Subscription.track_id == track, Subscription.member_id > after)
        .order_by(Subscription.member_id)
        .limit(page)
        .subquery()
        for track in tracks
    ]
    if len(singles) == 1:
        return select(singles[0].c.member_id)
    merged = union(*(select(single.c.member_id) for single in singles)).subquery()
    return select(merged.c.member_id).order_by(merged.c.member_id).limit(page)


def _recipient(row: Any) -> Recipient:
    return Recipient(row.id, preferences_of(row))


def preferences_of(row: Any) -> Preferences:
    """The preferences in a row that contains their columns of `members`."""
    lead_days = None if row.lead_days is None else tuple(row.lead_days)
    return Preferences(
        lead_days, row.quiet_from, row.quiet_until, Digest(row.digest), row.general, row.announcements
    )
