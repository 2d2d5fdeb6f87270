"""Members: who they are to us, what they follow, how they want to be told."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, Connection, delete, select, update

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.companies.bindings import Binding, binding_of
from subscriptions.companies.companies import Companies
from subscriptions.members import recipients, track_subscriptions
from subscriptions.members.following import Followed, Following, digest, lock_erasing_shared
from subscriptions.members.preferences import Preferences
from subscriptions.members.track_subscriptions import MEMBER, ChangeSource
from subscriptions.messaging_rights.grants import GrantCount, Grants
from subscriptions.privacy.export import Change, history
from subscriptions.tables import Erasure, Member, Subscription


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a member beside their choices.

    Attributes:
        followed_at: since when they follow.
        grants: consents to subscription notifications, by template.
        changes: of their subscriptions, newest first.
    """

    followed_at: datetime
    grants: dict[str, GrantCount]
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Profile:
    """A member as the conversation and the pages know them; never the openid."""

    id: int
    following: bool
    preferences: Preferences
    binding: Binding | None


class Members:
    """The way to members.

    `companies` holds what concerns a company, `following` follows and unfollows, `grants` the consents.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.companies = Companies(database, clock)
        self.following = Following(database, clock)
        self.grants = Grants(database)

    async def follow(self, openid: str) -> Followed:
        """See `Following.follow`."""
        return await self.following.follow(openid)

    async def unfollow(self, openid: str) -> bool:
        """See `Following.unfollow`."""
        return await self.following.unfollow(openid)

    async def id_of(self, openid: str) -> int | None:
        """The member's id, None for a stranger; makes nothing."""
        return await self._database.run_in_read_transaction(partial(_id_of, openid=openid))

    async def ensure(self, openid: str) -> int:
        """The id of a person who asks for something to be kept; a stranger becomes a member by it."""
        known = await self.id_of(openid)
        if known is not None:
            return known
        now = self._clock()

        def make(connection: Connection) -> int:
            lock_erasing_shared(connection)
            connection.execute(
                insert(connection, Member).values(openid=openid, followed_at=now).on_conflict_do_nothing()
            )
            connection.execute(delete(Erasure).where(Erasure.digest == digest(openid)))
            return connection.execute(select(Member.id).where(Member.openid == openid)).scalar_one()

        return await self._database.run_in_write_transaction(make)

    async def by_openid(self, openid: str) -> Profile | None:
        """The member with this openid, None for a stranger; makes nothing."""
        return await self._database.run_in_read_transaction(partial(_profile, who=Member.openid == openid))

    async def profile(self, member_id: int) -> Profile | None:
        """The member, None where erased."""
        return await self._database.run_in_read_transaction(partial(_profile, who=Member.id == member_id))

    async def openids(self, member_ids: Iterable[int]) -> dict[int, str]:
        """By member id the openid, of those who follow now; for a send, never to be logged."""
        statement = select(Member.id, Member.openid).where(Member.id.in_(member_ids), Member.following)
        async with self._database.read() as session:
            return dict((await session.execute(statement)).all())

    async def ids_of(self, openids: Iterable[str]) -> dict[str, int]:
        """Member ids of those among these openids who are members."""
        statement = select(Member.openid, Member.id).where(Member.openid.in_(openids))
        async with self._database.read() as session:
            return dict((await session.execute(statement)).all())

    async def tracks(self, member_id: int) -> tuple[str, ...]:
        """Ids of the tracks a member follows, in the order they were chosen."""
        return await self._database.run_in_read_transaction(
            partial(track_subscriptions.tracks_of, member_id=member_id)
        )

    async def tracks_by_openid(self, openid: str) -> tuple[str, ...]:
        """As `tracks`, in one query for 我的订阅; () for a stranger."""
        statement = (
            select(Subscription.track_id)
            .join(Member, Member.id == Subscription.member_id)
            .where(Member.openid == openid)
            .order_by(Subscription.since, Subscription.track_id)
        )
        return await self._database.run_in_read_transaction(
            lambda connection: tuple(connection.scalars(statement))
        )

    async def subscribe(
        self, member_id: int, tracks: Iterable[str], *, source: ChangeSource, actor: str = MEMBER
    ) -> tuple[str, ...]:
        """Follow tracks, however often asked; the ones that are new by it.

        Raises:
            sqlalchemy.exc.IntegrityError: a track doesn't exist, or the member was erased meanwhile.
        """
        work = partial(
            track_subscriptions.add,
            member_id=member_id,
            tracks=tracks,
            at=self._clock(),
            source=source,
            actor=actor,
        )
        return await self._database.run_in_write_transaction(work)

    async def unsubscribe(
        self, member_id: int, tracks: Iterable[str], *, source: ChangeSource, actor: str = MEMBER
    ) -> tuple[str, ...]:
        """Leave tracks; the ones that were followed until now."""
        work = partial(
            track_subscriptions.remove,
            member_id=member_id,
            tracks=tracks,
            at=self._clock(),
            source=source,
            actor=actor,
        )
        return await self._database.run_in_write_transaction(work)

    async def follow_exactly(
        self, member_id: int, tracks: Iterable[str], *, source: ChangeSource, actor: str = MEMBER
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Follow these tracks and no others; which are new by it, and which are gone."""
        wanted, now = tuple(dict.fromkeys(tracks)), self._clock()

        def work(connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
            followed = track_subscriptions.tracks_of(connection, member_id)
            surplus = [track for track in followed if track not in wanted]
            gone = track_subscriptions.remove(connection, member_id, surplus, now, source=source, actor=actor)
            return track_subscriptions.add(
                connection, member_id, wanted, now, source=source, actor=actor
            ), gone

        return await self._database.run_in_write_transaction(work)

    async def choose(
        self, member_id: int, tracks: Iterable[str], preferences: Preferences, *, source: ChangeSource
    ) -> None:
        """Follow these tracks and no others, and be told so: both are kept, or neither."""
        async with self._database.write():
            await self.follow_exactly(member_id, tracks, source=source)
            await self.prefer(member_id, preferences)

    async def prefer(self, member_id: int, preferences: Preferences) -> None:
        """Keep how the member wants to be told."""
        lead_days = None if preferences.lead_days is None else list(preferences.lead_days)
        async with self._database.write() as session:
            await session.execute(
                update(Member)
                .where(Member.id == member_id)
                .values(
                    lead_days=lead_days,
                    quiet_from=preferences.quiet_from,
                    quiet_until=preferences.quiet_until,
                    digest=preferences.digest.value,
                    general=preferences.general,
                    announcements=preferences.announcements,
                )
            )

    async def record(self, member_id: int) -> Record:
        """What is kept of a member beside their choices.

        Raises:
            sqlalchemy.exc.NoResultFound: the member was erased meanwhile.
        """
        async with self._database.read() as session:
            followed_at = (
                await session.scalars(select(Member.followed_at).where(Member.id == member_id))
            ).one()
        changes = await history(self._database, member_id, limit=None)
        return Record(followed_at, await self.grants.of_member(member_id), changes)

    def recipients(
        self, audience: recipients.Audience, *, after: int = 0, page: int = recipients.PAGE
    ) -> AsyncIterator[list[recipients.Recipient]]:
        """See `recipients.recipients`: pages of members to be told, in flat memory."""
        return recipients.recipients(self._database, audience, after=after, page=page)


def _id_of(connection: Connection, openid: str) -> int | None:
    return connection.scalar(select(Member.id).where(Member.openid == openid))


def _profile(connection: Connection, who: ColumnElement[bool]) -> Profile | None:
    row = connection.execute(
        select(
            Member.id,
            Member.following,
            Member.lead_days,
            Member.quiet_from,
            Member.quiet_until,
            Member.digest,
            Member.general,
            Member.announcements,
        ).where(who)
    ).one_or_none()
    if row is None:
        return None
    return Profile(row.id, row.following, recipients.preferences_of(row), binding_of(connection, row.id))
