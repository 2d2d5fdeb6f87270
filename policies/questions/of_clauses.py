"""Taught words as things that hang on a clause: what becomes of them when the clause goes."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.publishing.belongings import Held
from policies.questions.lessons import count_change
from policies.questions.tables import TaughtWord


class WordsOfClauses:
    """The words that operators taught."""

    name = "words"
    label = "教过的词语"
    ending = "删除"

    async def held(self, session: AsyncSession, keys: Collection[int]) -> Mapping[int, Held]:
        """The words of clauses."""
        rows = await session.scalars(
            select(TaughtWord).where(TaughtWord.policy_id.in_(keys)).order_by(TaughtWord.id)
        )
        words: dict[int, list[str]] = {}
        for row in rows:
            words.setdefault(row.policy_id, []).append(row.word)
        return {key: Held(len(of_key), tuple(of_key)) for key, of_key in words.items()}

    async def hand_over(self, session: AsyncSession, key: int, successor: int) -> None:
        """Give the words to another clause; those that it has already are deleted here."""
        has = select(TaughtWord.word).where(TaughtWord.policy_id == successor).scalar_subquery()
        await session.execute(
            update(TaughtWord)
            .where(TaughtWord.policy_id == key, TaughtWord.word.not_in(has))
            .values(policy_id=successor)
            .execution_options(synchronize_session=False)
        )
        await self.end(session, key)

    async def end(self, session: AsyncSession, key: int) -> None:
        """Delete the words."""
        await session.execute(delete(TaughtWord).where(TaughtWord.policy_id == key))
        await count_change(session)
