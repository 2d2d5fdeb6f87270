"""What an import makes drafts of, with keys for its new clauses; each statement runs inside a caller's transaction."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.library.changes import PolicyChange
from policies.library.models import Policy, Surroundings
from policies.library.tables import Revision
from policies.publishing.revisions import SURROUNDINGS, State, as_revision
from policies.publishing.statements import take_keys

Content = Policy | Surroundings
_Place = tuple[str, int, str]
"""Document, section and label of a clause."""


async def contents_of(
    session: AsyncSession, surroundings: Surroundings | None, changes: Sequence[PolicyChange]
) -> list[tuple[Content, bool]]:
    """What an import makes drafts of, and whether that takes the clause away.

    A new clause gets its key here; the one that it comes with only tells it from the others. Where it waits as a draft
    already, in the same place, it keeps the key that it has there.
    """
    new = [change.after for change in changes if change.before is None and change.after is not None]
    keys = await _keys(session, new) if new else {}
    if surroundings is not None:
        order = tuple(keys.get(key, key) for key in surroundings.order)
        surroundings = surroundings.model_copy(update={"order": order})
    return list(_contents(surroundings, changes, keys))


def _contents(
    surroundings: Surroundings | None, changes: Sequence[PolicyChange], keys: dict[int, int]
) -> Iterator[tuple[Content, bool]]:
    if surroundings is not None:
        yield surroundings, False
    for change in changes:
        if change.after is None:
            if change.before is not None:
                yield change.before, True
        elif change.before is None:
            yield change.after.model_copy(update={"key": keys[change.key]}), False
        else:
            yield change.after, False


async def _keys(session: AsyncSession, new: Sequence[Policy]) -> dict[int, int]:
    """The key of each new clause, by the key that it comes with."""
    waiting = await _waiting(session)
    known = {policy.key: waiting[_place(policy)].pop(0) for policy in new if waiting[_place(policy)]}
    fresh = [policy.key for policy in new if policy.key not in known]
    taken = await take_keys(session, len(fresh)) if fresh else range(0)
    return known | dict(zip(fresh, taken, strict=True))


async def _waiting(session: AsyncSession) -> defaultdict[_Place, list[int]]:
    """Keys of the new clauses that wait as drafts, by their place."""
    rows = await session.scalars(
        select(Revision)
        .where(Revision.state == State.DRAFT, Revision.base_id.is_(None), Revision.subject > SURROUNDINGS)
        .order_by(Revision.subject)
    )
    found: defaultdict[_Place, list[int]] = defaultdict(list)
    for content in (as_revision(row).content for row in rows):
        if isinstance(content, Policy):
            found[_place(content)].append(content.key)
    return found


def _place(policy: Policy) -> _Place:
    return policy.document, policy.section, policy.label
