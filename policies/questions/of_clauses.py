"""Taught words and confirmed questions as things that hang on a clause: what becomes of them when the clause goes."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from policies.publishing.belongings import HeldThings
from policies.questions.tables import ConfirmedQuestion, TaughtWord
from policies.questions.taught_version import count_change


class WordsOfClauses:
    """The words that operators taught."""

    name = "words"
    label = "教过的词语"
    ending = "删除"

    async def held(self, session: AsyncSession, keys: Collection[int]) -> Mapping[int, HeldThings]:
        """Return the words of clauses."""
        rows = await session.scalars(
            select(TaughtWord).where(TaughtWord.policy_id.in_(keys)).order_by(TaughtWord.id)
        )
        words: dict[int, list[str]] = {}
        for row in rows:
            words.setdefault(row.policy_id, []).append(row.word)
        return {key: HeldThings(len(of_key), tuple(of_key)) for key, of_key in words.items()}

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


class ConfirmedOfClauses:
    """The questions that a clause answers, as operators said."""

    name = "questions"
    label = "确认过的问题"
    ending = "删除"

    async def held(self, session: AsyncSession, keys: Collection[int]) -> Mapping[int, HeldThings]:
        """Return the questions of clauses."""
        rows = await session.scalars(
            select(ConfirmedQuestion)
            .where(ConfirmedQuestion.policy_id.in_(keys))
            .order_by(ConfirmedQuestion.id)
        )
        texts: dict[int, list[str]] = {}
        for row in rows:
            if row.policy_id is not None:
                texts.setdefault(row.policy_id, []).append(row.text)
        return {key: HeldThings(len(of_key), tuple(of_key)) for key, of_key in texts.items()}

    async def hand_over(self, session: AsyncSession, key: int, successor: int) -> None:
        """Let another clause answer the questions."""
        moved = update(ConfirmedQuestion).where(ConfirmedQuestion.policy_id == key)
        await session.execute(moved.values(policy_id=successor).execution_options(synchronize_session=False))
        await count_change(session)

    async def end(self, session: AsyncSession, key: int) -> None:
        """Delete the questions."""
        await session.execute(delete(ConfirmedQuestion).where(ConfirmedQuestion.policy_id == key))
        await count_change(session)
