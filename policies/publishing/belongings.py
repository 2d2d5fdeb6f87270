"""What hangs on a clause (windows, taught words, guides, followers), and what becomes of it when the clause goes.

Each package that keeps such things tells of them by a `Belongings`; `bot` hands all of them to `Drafts`. What becomes of them is
decided on the draft that takes the clause away, and done in the transaction that publishes it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.errors import RevisionError
from policies.library.library import Library
from policies.library.models import Policy
from policies.library.tables import ClauseDecision
from policies.publishing.revisions import Revision, UndecidedError

Decisions = Mapping[str, int | None]
"""By the name of a `Belongings`: the key of the clause that gets the things; None: they end."""


@dataclass(frozen=True, slots=True)
class HeldThings:
    """The things of one kind that belong to a clause.

    Attributes:
        count: how many.
        names: of some of them, for an operator; no names if they are persons.
    """

    count: int
    names: tuple[str, ...] = ()


class Belongings(Protocol):
    """One kind of things that hang on clauses. Each method is a part of the caller's transaction.

    Attributes:
        name: in `ClauseDecision.what`.
        label: in a sentence for operators (申报期).
        ending: what `end` does, for operators (撤回，告知已收到提醒的用户).
    """

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def ending(self) -> str: ...

    async def held(self, session: AsyncSession, keys: Collection[int]) -> Mapping[int, HeldThings]:
        """Return what belongs to these clauses and would belong to nothing without them."""
        ...

    async def hand_over(self, session: AsyncSession, key: int, successor: int) -> None:
        """Give the things of a clause to another one."""
        ...

    async def end(self, session: AsyncSession, key: int) -> None:
        """End the things of a clause."""
        ...


async def decide(session: AsyncSession, revision_id: int, decisions: Decisions) -> None:
    """Keep what becomes of the things that hang on a clause, in the place of what was decided before."""
    await session.execute(delete(ClauseDecision).where(ClauseDecision.revision_id == revision_id))
    rows = [
        {"revision_id": revision_id, "what": what, "successor": successor}
        for what, successor in decisions.items()
    ]
    if rows:
        await session.execute(insert(ClauseDecision), rows)


async def decided(session: AsyncSession, revision_ids: Collection[int]) -> dict[int, dict[str, int | None]]:
    """Return what was decided, by revision."""
    rows = await session.scalars(select(ClauseDecision).where(ClauseDecision.revision_id.in_(revision_ids)))
    found: dict[int, dict[str, int | None]] = {}
    for row in rows:
        found.setdefault(row.revision_id, {})[row.what] = row.successor
    return found


async def settle_belongings(
    session: AsyncSession, drafts: Sequence[Revision], kinds: Sequence[Belongings], after: Library
) -> None:
    """Do what was decided for the clauses that these drafts take away.

    Args:
        session: of the publishing transaction.
        drafts: those that are published.
        kinds: all kinds of things that may hang on a clause.
        after: what is public with the drafts.

    Raises:
        UndecidedError: something hangs on one of them, and nothing was decided.
        RevisionError: a clause that is to get things is not published.
    """
    leaving = {draft.subject: draft for draft in drafts if draft.retires}
    if not leaving:
        return
    decisions = await decided(session, [draft.id for draft in leaving.values()])
    undecided: dict[int, list[str]] = {}
    for kind in kinds:
        for key, held in (await kind.held(session, list(leaving))).items():
            chosen = decisions.get(leaving[key].id, {})
            if kind.name not in chosen:
                undecided.setdefault(key, []).append(f"{kind.label} {held.count} 项")
                continue
            successor = chosen[kind.name]
            if successor is None:
                await kind.end(session, key)
            elif after.get(successor) is None:
                raise RevisionError(
                    f"{_name(leaving[key], after)}的{kind.label}要移交的条款没有发布，请重新选择"
                )
            else:
                await kind.hand_over(session, key, successor)
    if undecided:
        said = "；".join(
            f"{_name(leaving[key], after)}还有{'、'.join(what)}" for key, what in undecided.items()
        )
        raise UndecidedError(f"{said}，请先到相应页面处理，或放弃这次导入的草稿，重新导入时决定去向")


def _name(draft: Revision, library: Library) -> str:
    return f"原{library.name(draft.content)}" if isinstance(draft.content, Policy) else ""
