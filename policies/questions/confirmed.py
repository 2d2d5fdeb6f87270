"""Questions with the answer that an operator confirmed: examples for the search, and test cases for changes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from policies.questions.evaluating import EvaluationQuestion
from policies.questions.log import KEPT_CHARACTERS
from policies.questions.tables import AskedQuestion, ConfirmedQuestion
from policies.questions.taught_version import count_change
from policies.search.known.prototypes import Prototype
from storage.clock import Clock, system_clock
from storage.sql.database import Database
from storage.sql.upsert import insert

MOST_KEPT = 20_000
"""The index keeps pairs of characters of each; more would take longer to search than the clauses."""
_MOST_OF_A_GROUP = 100
"""Wordings of one group that are kept, the most asked first."""


class ConfirmedError(ValueError):
    """A question can't be confirmed; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A question and the clause that answers it; None if no clause does."""

    id: int
    text: str
    policy_id: int | None
    confirmed_by: str
    confirmed_at: datetime


class ConfirmedQuestions:
    """The confirmed questions, in the database."""

    def __init__(self, database: Database, clock: Clock = system_clock) -> None:
        self._database = database
        self._clock = clock

    async def all(self) -> list[Confirmed]:
        """Return every confirmed question, newest first."""
        async with self._database.read() as session:
            rows = await session.scalars(select(ConfirmedQuestion).order_by(ConfirmedQuestion.id.desc()))
            return [
                Confirmed(row.id, row.text, row.policy_id, row.confirmed_by, row.confirmed_at) for row in rows
            ]

    async def prototypes(self) -> tuple[Prototype, ...]:
        """Return the confirmed questions in the form that the index takes."""
        return tuple(Prototype(one.text, one.policy_id) for one in await self.all())

    async def test_cases(self) -> list[EvaluationQuestion]:
        """Return the confirmed questions as questions with known answers, oldest first."""
        return [
            EvaluationQuestion(
                id=f"c{one.id}",
                q=one.text,
                kind="oos" if one.policy_id is None else "confirmed",
                expect=() if one.policy_id is None else (one.policy_id,),
            )
            for one in reversed(await self.all())
        ]

    async def confirm(self, texts: Sequence[str], policy_id: int | None, by: str) -> int:
        """Keep which clause answers some wordings. This replaces what was said of a wording before.

        Args:
            texts: without personal data (see `policies.questions.log`).
            policy_id: the clause. None: no clause answers them.
            by: who says so.

        Returns:
            How many wordings were kept.

        Raises:
            ConfirmedError: there are `MOST_KEPT` already.
        """
        kept = list(dict.fromkeys(text[:KEPT_CHARACTERS] for text in texts if text.strip()))
        now = self._clock()
        rows = [
            {"text": text, "policy_id": policy_id, "confirmed_by": by, "confirmed_at": now} for text in kept
        ]
        async with self._database.write() as session:
            there = await session.scalar(select(func.count()).select_from(ConfirmedQuestion)) or 0
            if there + len(rows) > MOST_KEPT:
                raise ConfirmedError(f"已确认的问题已有 {there} 个，请先撤回不再需要的。")
            if rows:
                said = insert(session, ConfirmedQuestion).values(rows)
                again = {name: said.excluded[name] for name in ("policy_id", "confirmed_by", "confirmed_at")}
                await session.execute(said.on_conflict_do_update(index_elements=["text"], set_=again))
                await count_change(session)
        return len(rows)

    async def confirm_group(self, group_id: int, policy_id: int | None, by: str) -> int:
        """Keep which clause answers every wording of a group of 问答缺口."""
        return await self.confirm(await self.wordings_of(group_id), policy_id, by)

    async def wordings_of(self, group_id: int) -> list[str]:
        """Return the wordings of a group of 问答缺口, the most asked first: what `confirm_group` keeps."""
        async with self._database.read() as session:
            texts = await session.scalars(
                select(AskedQuestion.text)
                .where(AskedQuestion.group_id == group_id)
                .group_by(AskedQuestion.text)
                .order_by(func.sum(AskedQuestion.times).desc())
                .limit(_MOST_OF_A_GROUP)
            )
            return list(texts.all())

    async def withdraw(self, confirmed_id: int) -> Confirmed | None:
        """Take a confirmed question back; returns what it was."""
        async with self._database.write() as session:
            row = await session.get(ConfirmedQuestion, confirmed_id)
            if row is None:
                return None
            was = Confirmed(row.id, row.text, row.policy_id, row.confirmed_by, row.confirmed_at)
            await session.execute(delete(ConfirmedQuestion).where(ConfirmedQuestion.id == confirmed_id))
            await count_change(session)
        return was
