"""`Members`: the facade over members, their tracks, preferences, companies and consents."""

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
from subscriptions.members import recipients, topics, track_subscriptions
from subscriptions.members.following import Followed, Following, digest, lock_erasing_shared
from subscriptions.members.preferences import Preferences
from subscriptions.members.topics import Topic
from subscriptions.members.track_subscriptions import MEMBER, ChangeSource
from subscriptions.messaging_rights.grants import GrantCount, Grants
from subscriptions.privacy.export import ExportedChange, history
from subscriptions.tables import Erasure, Member, Subscription


@dataclass(frozen=True, slots=True)
class Record:
    """Stored data of a member besides their preferences.

    Attributes:
        followed_at: since when they follow the account (UTC).
        grants: consents to subscription notifications, by template id.
        changes: changes of their subscriptions, newest first.
    """

    followed_at: datetime
    grants: dict[str, GrantCount]
    changes: list[ExportedChange]


@dataclass(frozen=True, slots=True)
class Profile:
    """A member as the conversation and the pages see them. It never contains the openid."""

    id: int
    following: bool
    preferences: Preferences
    binding: Binding | None


class Members:
    """What other packages call to read and change members.

    `companies` is about bindings to companies, `following` about follow and unfollow, `grants` about consents.
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
        """Return the member's id; None if this person is not a member. It creates nothing."""
        return await self._database.run_in_read_transaction(partial(_id_of, openid=openid))

    async def ensure(self, openid: str) -> int:
        """Return the member's id. A person who is not a member yet becomes one, because they asked to store something."""
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

        return await self._database.run_in_write_transaction(make, idempotent=True)

    async def by_openid(self, openid: str) -> Profile | None:
        """Return the member with this openid; None if there is none. It creates nothing."""
        return await self._database.run_in_read_transaction(partial(_profile, who=Member.openid == openid))

    async def profile(self, member_id: int) -> Profile | None:
        """Return the member with this id; None if they were erased."""
        return await self._database.run_in_read_transaction(partial(_profile, who=Member.id == member_id))

    async def openids(self, member_ids: Iterable[int]) -> dict[int, str]:
        """Openids by member id, only of members who follow now. They are for sending and must never be logged."""
        statement = select(Member.id, Member.openid).where(Member.id.in_(member_ids), Member.following)
        async with self._database.read() as session:
            return dict((await session.execute(statement)).all())

    async def ids_of(self, openids: Iterable[str]) -> dict[str, int]:
        """Member ids by openid, for those of the openids that belong to members."""
        statement = select(Member.openid, Member.id).where(Member.openid.in_(openids))
        async with self._database.read() as session:
            return dict((await session.execute(statement)).all())

    async def tracks(self, member_id: int) -> tuple[str, ...]:
        """Return ids of the member's tracks, in the order in which they were chosen."""
        return await self._database.run_in_read_transaction(
            partial(track_subscriptions.tracks_of, member_id=member_id)
        )

    async def tracks_by_openid(self, openid: str) -> tuple[str, ...]:
        """Return what `tracks` returns, by openid in one query; () for a person who is not a member."""
        statement = (
            select(Subscription.track_id)
            .join(Member, Member.id == Subscription.member_id)
            .where(Member.openid == openid)
            .order_by(Subscription.since, Subscription.track_id)
        )
        return await self._database.run_in_read_transaction(
            lambda connection: tuple(connection.scalars(statement))
        )

    async def topics(self, member_id: int) -> tuple[Topic, ...]:
        """Return the member's topics beside tracks, in the order in which they were chosen."""
        return await self._database.run_in_read_transaction(partial(topics.topics_of, member_id=member_id))

    async def subscribe_topics(self, member_id: int, wanted: Iterable[Topic]) -> tuple[Topic, ...]:
        """Subscribe to topics. Returns those that are new; a member may have `MOST_TOPICS` of them.

        Raises:
            sqlalchemy.exc.IntegrityError: the member was erased in the meantime.
        """
        work = partial(topics.add_topics, member_id=member_id, topics=wanted, at=self._clock())
        return await self._database.run_in_write_transaction(work)

    async def unsubscribe_topics(self, member_id: int, topic_ids: Iterable[str]) -> tuple[str, ...]:
        """Unsubscribe from topics. Returns the ids of those that were subscribed until now."""
        work = partial(topics.remove_topics, member_id=member_id, topic_ids=topic_ids)
        return await self._database.run_in_write_transaction(work)

    async def subscribe(
        self, member_id: int, tracks: Iterable[str], *, source: ChangeSource
    ) -> tuple[str, ...]:
        """Subscribe to tracks. Returns the tracks that are new; asking twice changes nothing.

        Raises:
            sqlalchemy.exc.IntegrityError: a track does not exist, or the member was erased in the meantime.
        """
        work = partial(
            track_subscriptions.add,
            member_id=member_id,
            tracks=tracks,
            at=self._clock(),
            source=source,
            actor=MEMBER,
        )
        return await self._database.run_in_write_transaction(work, idempotent=True)

    async def unsubscribe(
        self, member_id: int, tracks: Iterable[str], *, source: ChangeSource
    ) -> tuple[str, ...]:
        """Unsubscribe from tracks. Returns the tracks that were subscribed until now."""
        work = partial(
            track_subscriptions.remove,
            member_id=member_id,
            tracks=tracks,
            at=self._clock(),
            source=source,
            actor=MEMBER,
        )
        return await self._database.run_in_write_transaction(work, idempotent=True)

    async def follow_exactly(
        self, member_id: int, tracks: Iterable[str], *, source: ChangeSource
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Subscribe to exactly these tracks. Returns the tracks that are new, and those that are gone."""
        wanted, now = tuple(dict.fromkeys(tracks)), self._clock()

        def work(connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
            followed = track_subscriptions.tracks_of(connection, member_id)
            surplus = [track for track in followed if track not in wanted]
            gone = track_subscriptions.remove(
                connection, member_id, surplus, now, source=source, actor=MEMBER
            )
            return track_subscriptions.add(
                connection, member_id, wanted, now, source=source, actor=MEMBER
            ), gone

        return await self._database.run_in_write_transaction(work)

    async def choose(
        self,
        member_id: int,
        tracks: Iterable[str],
        preferences: Preferences,
        *,
        source: ChangeSource,
        left_topics: Iterable[str] = (),
    ) -> None:
        """Save exactly these tracks and these preferences, and leave some topics, in one transaction."""
        async with self._database.write():
            await self.unsubscribe_topics(member_id, left_topics)
            await self.follow_exactly(member_id, tracks, source=source)
            await self.prefer(member_id, preferences)

    async def prefer(self, member_id: int, preferences: Preferences) -> None:
        """Save the member's preferences."""
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
                    weekends=preferences.weekends,
                    deadlines_only=preferences.deadlines_only,
                    paused_until=preferences.paused_until,
                )
            )

    async def record(self, member_id: int) -> Record:
        """Stored data of a member besides their preferences.

        Raises:
            sqlalchemy.exc.NoResultFound: the member was erased in the meantime.
        """
        async with self._database.read() as session:
            followed_at = (
                await session.scalars(select(Member.followed_at).where(Member.id == member_id))
            ).one()
        changes = await history(self._database, member_id, limit=None)
        return Record(followed_at, await self.grants.of_member(member_id), changes)

    def recipients(
        self, audience: recipients.MemberQuery, *, after: int = 0, page: int = recipients.PAGE
    ) -> AsyncIterator[list[recipients.Recipient]]:
        """See `recipients.recipients`: pages of members whom an audience names."""
        return recipients.recipients(self._database, audience, after=after, page=page)


def _id_of(connection: Connection, openid: str) -> int | None:
    return connection.scalar(select(Member.id).where(Member.openid == openid))


def _profile(connection: Connection, who: ColumnElement[bool]) -> Profile | None:
    row = connection.execute(
        select(
            Member.id,
            Member.following,
            *recipients.PREFERENCES,
        ).where(who)
    ).one_or_none()
    if row is None:
        return None
    return Profile(row.id, row.following, recipients.preferences_of(row), binding_of(connection, row.id))
