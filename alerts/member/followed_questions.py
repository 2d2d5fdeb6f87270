"""The questions that members subscribe to (有新的就告诉我), and which clauses of a publication answer them."""

import asyncio
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, select

from policies.district.models import District
from policies.library.library import Library
from storage.sql.database import Database
from subscriptions.members.topics import TopicKind
from subscriptions.tables import TopicSubscription

MOST_QUESTIONS = 5_000
"""Questions that one publication is held against, those asked last."""
_NEAREST = 2
"""How many clauses count as an answer, if no clause surely answers."""


async def questions_answered(
    database: Database, library: Library, district: District, changed: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """Return the topics of the questions that these clauses answer, by the key of the clause.

    Args:
        database: holds the subscriptions.
        library: what is public now.
        district: its data, as the search reads it.
        changed: keys of the clauses that are new or changed.
    """
    questions = await database.run_in_read_transaction(_questions) if changed else {}
    if not questions:
        return {}
    return await asyncio.to_thread(_answered, questions, library, district, frozenset(changed))


def _questions(connection: Connection) -> dict[str, str]:
    """Return the words of each question by its topic."""
    table = TopicSubscription
    rows = connection.execute(
        select(table.topic, func.max(table.words).label("words"))
        .where(table.topic.startswith(f"{TopicKind.QUESTION}:"))
        .group_by(table.topic)
        .order_by(func.max(table.since).desc())
        .limit(MOST_QUESTIONS)
    )
    return {row.topic: row.words for row in rows}


def _answered(
    questions: Mapping[str, str], library: Library, district: District, changed: frozenset[int]
) -> dict[int, tuple[str, ...]]:
    # The scheduler needs the search for this alone, so it loads it when a publication meets a question.
    from policies.search.decision import Intent  # noqa: PLC0415
    from policies.search.index import PolicyIndex  # noqa: PLC0415

    index = PolicyIndex.build(library, district)
    found: dict[int, list[str]] = {}
    for topic, words in questions.items():
        decision = index.decide(words)
        if decision.intent is Intent.NONE:
            continue
        nearest = decision.clauses[:1] if decision.sure else decision.clauses[:_NEAREST]
        for key in changed.intersection(nearest):
            found.setdefault(key, []).append(topic)
    return {key: tuple(topics) for key, topics in found.items()}
