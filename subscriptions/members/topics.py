"""Topics that a member subscribes to beside industry tracks: a clause, a department, a question of their own.

The functions run inside the caller's transaction, like those of `track_subscriptions`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, select

from storage.sql.upsert import insert
from subscriptions.tables import TopicSubscription

MOST_TOPICS = 100
"""Topics of one member; nobody reads the alerts of more."""
LONGEST_WORDS = 100
_DIGEST_BYTES = 12


class TopicKind(StrEnum):
    """What a topic is; it begins the topic's id."""

    CLAUSE = "clause"
    DEPARTMENT = "department"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. Two members who ask the same question have the same topic.

    Attributes:
        subject: the clause's key, the department's printed name, or the digest of the question.
        words: the question as the member typed it; "" for other kinds.
    """

    kind: TopicKind
    subject: str
    words: str = ""

    @property
    def id(self) -> str:
        """The id under which audiences name it."""
        return f"{self.kind}:{self.subject}"

    @property
    def clause_key(self) -> int:
        """The key of the clause; 0 for other kinds."""
        return int(self.subject) if self.kind is TopicKind.CLAUSE else 0


def is_topic(one: str) -> bool:
    """Whether an id is a topic's; that of a track has no kind before it."""
    return ":" in one


def clause_topic(key: int) -> Topic:
    """Return the topic of a clause."""
    return Topic(TopicKind.CLAUSE, str(key))


def department_topic(name: str) -> Topic:
    """Return the topic of a department, by its printed name."""
    return Topic(TopicKind.DEPARTMENT, name)


def question_topic(words: str) -> Topic:
    """Return the topic of a question; spaces and case make no difference."""
    plain = "".join(words.split()).casefold()
    digest = hashlib.blake2b(plain.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return Topic(TopicKind.QUESTION, digest, words.strip()[:LONGEST_WORDS])


def topic_of(topic_id: str, words: str = "") -> Topic:
    """Return the topic with an id.

    Raises:
        ValueError: no topic has such an id.
    """
    kind, _, subject = topic_id.partition(":")
    return Topic(TopicKind(kind), subject, words)


def topics_of(connection: Connection, member_id: int) -> tuple[Topic, ...]:
    """Return the member's topics, in the order in which they were chosen."""
    table = TopicSubscription
    rows = connection.execute(
        select(table.topic, table.words)
        .where(table.member_id == member_id)
        .order_by(table.since, table.topic)
    )
    return tuple(topic_of(topic_id, words) for topic_id, words in rows)


def add_topics(
    connection: Connection, member_id: int, topics: Iterable[Topic], at: datetime
) -> tuple[Topic, ...]:
    """Subscribe to topics, up to `MOST_TOPICS` in all. Returns those that are new, in the order given."""
    table = TopicSubscription
    wanted = {topic.id: topic for topic in topics}
    held = connection.scalar(select(func.count()).where(table.member_id == member_id)) or 0
    rows = [
        {"member_id": member_id, "topic": topic.id, "words": topic.words, "since": at}
        for topic in list(wanted.values())[: max(0, MOST_TOPICS - held)]
    ]
    if not rows:
        return ()
    statement = insert(connection, table).values(rows).on_conflict_do_nothing().returning(table.topic)
    new = set(connection.scalars(statement))
    return tuple(topic for topic_id, topic in wanted.items() if topic_id in new)


def remove_topics(connection: Connection, member_id: int, topic_ids: Iterable[str]) -> tuple[str, ...]:
    """Unsubscribe from topics. Returns the ids of those that were subscribed until now, in the order given."""
    table = TopicSubscription
    wanted = tuple(dict.fromkeys(topic_ids))
    gone = set(
        connection.scalars(
            delete(table).where(table.member_id == member_id, table.topic.in_(wanted)).returning(table.topic)
        )
    )
    return tuple(topic_id for topic_id in wanted if topic_id in gone)
