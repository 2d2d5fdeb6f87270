"""The questions that were answered lately, so that a new word can be tried on them.

Texts are kept as `policies.questions.log` keeps them: without what tells who asked. The most asked of a few
seconds are kept, and never more than a bounded number in all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.questions.tables import AnsweredQuestion, AskedQuestion
from policies.questions.word_effect import Asked
from storage.sql.upsert import insert

MOST_KEPT = 5_000
LATELY = timedelta(days=30)
_TRIED = 800
"""Of the answered and of those asked in vain: trying them takes a second or two."""


def count_answered(connection: Connection, asked: Sequence[tuple[str, int]], now: datetime) -> None:
    """Count wordings that were answered; a new one only while there is room.

    Args:
        connection: of a writing transaction.
        asked: each wording once, with how often it was asked.
        now: when.
    """
    table = AnsweredQuestion
    texts = [text for text, _ in asked]
    known = set(connection.scalars(select(table.text).where(table.text.in_(texts))))
    room = MOST_KEPT - (connection.scalar(select(func.count()).select_from(table)) or 0)
    new = [text for text in texts if text not in known][: max(0, room)]
    rows = [{"text": text, "times": n, "last_at": now} for text, n in asked if text in known or text in new]
    if rows:
        counted = insert(connection, table)
        more = {"times": table.times + counted.excluded.times, "last_at": now}
        connection.execute(counted.on_conflict_do_update(index_elements=["text"], set_=more), rows)


async def lately_asked(session: AsyncSession, now: datetime) -> list[Asked]:
    """What was asked within the last month, answered or in vain, the most asked of each first."""
    found: list[Asked] = []
    for table in (AnsweredQuestion, AskedQuestion):
        rows = await session.execute(
            select(table.text, func.sum(table.times).label("n"))
            .where(table.last_at >= now - LATELY)
            .group_by(table.text)
            .order_by(func.sum(table.times).desc())
            .limit(_TRIED)
        )
        found += [Asked(text, int(n)) for text, n in rows]
    return found
