"""The questions that were answered in the last 30 days, so that a new word can be tried on them.

Texts are kept without personal data, as in `policies.questions.log`. Of every few seconds the most asked texts are kept,
and at most `MOST_KEPT` in all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.questions.tables import AnsweredQuestion, AskedQuestion
from policies.questions.word_effect import TriedQuestion
from storage.sql.upsert import insert

MOST_KEPT = 5_000
LATELY = timedelta(days=30)
_TRIED = 800
"""Questions that are tried, of the answered and of the unanswered ones each; this takes a second or two."""


def count_answered(connection: Connection, asked: Sequence[tuple[str, int]], now: datetime) -> None:
    """Count wordings that were answered. A new wording is added only while there are fewer than `MOST_KEPT`.

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


async def recent_questions(session: AsyncSession, now: datetime) -> list[TriedQuestion]:
    """Return what was asked in the last 30 days, answered and unanswered; of each, the most asked first."""
    found: list[TriedQuestion] = []
    for table in (AnsweredQuestion, AskedQuestion):
        rows = await session.execute(
            select(table.text, func.sum(table.times).label("n"))
            .where(table.last_at >= now - LATELY)
            .group_by(table.text)
            .order_by(func.sum(table.times).desc())
            .limit(_TRIED)
        )
        found += [TriedQuestion(text, int(n)) for text, n in rows]
    return found
