"""The subscriptions to a clause, as things that belong to it: what happens to them when the clause goes.

The subscription to the old clause stays, so that the member is told that it goes. It brings nothing after that.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.publishing.belongings import HeldThings
from storage.clock import Clock
from storage.sql.upsert import insert
from subscriptions.members.topics import clause_topic
from subscriptions.tables import TopicSubscription

_T = TopicSubscription


class FollowersOfClauses:
    """Subscriptions to clauses."""

    name = "followers"
    label = "订阅这一条的用户"
    ending = "告知这一条已不再收录，此后不再提醒"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def held(self, session: AsyncSession, keys: Collection[int]) -> Mapping[int, HeldThings]:
        """Count the members who subscribe to each clause."""
        topics = {clause_topic(key).id: key for key in keys}
        rows = await session.execute(
            select(_T.topic, func.count()).where(_T.topic.in_(topics)).group_by(_T.topic)
        )
        return {topics[topic]: HeldThings(count) for topic, count in rows}

    async def hand_over(self, session: AsyncSession, key: int, successor: int) -> None:
        """Subscribe the members to another clause too."""
        old = clause_topic(key).id
        new = select(
            _T.member_id,
            literal(clause_topic(successor).id),
            literal(""),
            literal(self._clock(), _T.since.type),
        )
        statement = insert(session, _T).from_select(
            ["member_id", "topic", "words", "since"], new.where(_T.topic == old)
        )
        await session.execute(statement.on_conflict_do_nothing())

    async def end(self, session: AsyncSession, key: int) -> None:
        """Leave the subscriptions for the last alert."""
