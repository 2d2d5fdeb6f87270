"""测试接收人: the members who may receive tests of broadcasts. An admin names them; a test goes to nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from console.access.audit import record
from console.tables import Tester
from storage.clock import system_clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.tables import Member

LONGEST_LABEL = 40


class TesterError(Exception):
    """A member can't be named; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class NamedTester:
    """A tester as operators see them: a number and what the admin calls the phone, no openid."""

    member_id: int
    label: str
    named_by: str
    named_at: datetime


class Testers:
    """Adds and removes testers."""

    __test__ = False  # not a test of pytest's

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Sequence[NamedTester]:
        """Return all testers, by number."""
        columns = (Tester.member_id, Tester.label, Tester.named_by, Tester.named_at)
        async with self._database.read() as session:
            rows = await session.execute(select(*columns).order_by(Tester.member_id))
            return [NamedTester(*row) for row in rows]

    async def name(self, member_id: int, label: str, *, actor: str) -> NamedTester:
        """Let a member get tests. A present tester gets the new label.

        Raises:
            TesterError: there is no such member, or they don't follow the account.
        """
        label = label.strip()[:LONGEST_LABEL] or f"成员 {member_id}"
        row = {"label": label, "named_by": actor, "named_at": system_clock()}
        async with self._database.write() as session:
            follows = select(Member.id).where(Member.id == member_id, Member.following)
            if await session.scalar(follows) is None:
                raise TesterError("没有这位关注者，请核对成员编号后重试")
            statement = insert(session, Tester).values(member_id=member_id, **row)
            await session.execute(statement.on_conflict_do_update(index_elements=["member_id"], set_=row))
            # The label may be a person's name: it stays in a row that is erased with the member.
            record(session, actor, "指定测试接收人", ("tester", member_id))
        return NamedTester(member_id, *row.values())  # type: ignore[arg-type]

    async def remove(self, member_id: int, *, actor: str) -> bool:
        """Take a tester back; whether there was one."""
        async with self._database.write() as session:
            gone = delete(Tester).where(Tester.member_id == member_id).returning(Tester.member_id)
            if await session.scalar(gone) is None:
                return False
            record(session, actor, "移除测试接收人", ("tester", member_id))
        return True


async def is_tester(session: AsyncSession, member_id: int) -> bool:
    """Whether a test may go to the member."""
    return await session.scalar(select(Tester.member_id).where(Tester.member_id == member_id)) is not None
