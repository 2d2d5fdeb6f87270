"""What an import makes drafts of, with keys for its new clauses; each statement runs inside a caller's transaction."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.approval.errors import EditConflictError
from policies.library.changes import Kin, PolicyChange
from policies.library.models import Policy, Surroundings
from policies.library.tables import RevisionRow as Row
from policies.publishing.belongings import Decisions, decide
from policies.publishing.draft_rows import CLAUSES, insert_draft
from policies.publishing.revisions import SURROUNDINGS, as_revision, named
from policies.publishing.statements import documents_of, subject_for, take_keys

Content = Policy | Surroundings
_Place = tuple[str, int, str]
"""Document, section and label of a clause."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changes.

    Attributes:
        import_id: the import, if it is kept.
        decisions: what happens to the things of a clause that goes, by its key (`belongings.Decisions`).
    """

    changes: Sequence[PolicyChange]
    surroundings: Surroundings | None
    import_id: int | None = None
    decisions: Mapping[int, Decisions] = field(default_factory=dict)


async def begin_drafts(
    session: AsyncSession, imported: Imported, *, author: str, note: str, now: datetime
) -> list[Row]:
    """Make a draft of each change, all or none. A draft with the same content is left as it is.

    A new clause gets its key here; the one that it comes with only tells it from the others. Where it waits as a draft
    already, in the same place, it keeps the key that it has there.

    Raises:
        EditConflictError: a clause has another draft; the message names each such clause.
    """
    new = [change.after for change in imported.changes if change.before is None and change.after is not None]
    keys = await _keys(session, new) if new else {}
    made: list[Row] = []
    blocked: list[Content] = []
    for content, kin, retires in _contents(imported, keys):
        subject = await subject_for(session, content)
        draft = await CLAUSES.find(session, subject, RevisionState.DRAFT)
        if draft is None:
            row = await insert_draft(
                session,
                subject,
                content,
                retires=retires,
                author=author,
                note=note,
                now=now,
                import_id=imported.import_id,
                kin=kin,
            )
            made.append(row)
            decided = imported.decisions.get(subject, {}) if retires else {}
            await decide(session, row.id, {what: _now(keys, key) for what, key in decided.items()})
        elif (as_revision(draft).content, draft.retires) != (content, retires):
            blocked.append(content)
    if blocked:
        documents = await documents_of(session)
        names = "、".join(named(content, documents) for content in blocked)
        raise EditConflictError(f"{names}已有未发布的草稿，请先发布或放弃后再导入")
    return made


def _now(keys: Mapping[int, int], key: int | None) -> int | None:
    return None if key is None else keys.get(key, key)


def _contents(imported: Imported, keys: Mapping[int, int]) -> Iterator[tuple[Content, Kin | None, bool]]:
    """Yield each content, the other clause it belongs to, and whether it takes the clause away."""
    if imported.surroundings is not None:
        order = tuple(keys.get(key, key) for key in imported.surroundings.order)
        yield imported.surroundings.model_copy(update={"order": order}), None, False
    for change in imported.changes:
        kin = replace(change.kin, key=keys.get(change.kin.key, change.kin.key)) if change.kin else None
        if change.after is None:
            if change.before is not None:
                yield change.before, kin, True
        elif change.before is None:
            yield change.after.model_copy(update={"key": keys[change.key]}), kin, False
        else:
            yield change.after, None, False


async def _keys(session: AsyncSession, new: Sequence[Policy]) -> dict[int, int]:
    """Return the key of each new clause, by the key that it comes with."""
    waiting = await _waiting(session)
    known = {policy.key: waiting[_place(policy)].pop(0) for policy in new if waiting[_place(policy)]}
    fresh = [policy.key for policy in new if policy.key not in known]
    taken = await take_keys(session, len(fresh)) if fresh else range(0)
    return known | dict(zip(fresh, taken, strict=True))


async def _waiting(session: AsyncSession) -> defaultdict[_Place, list[int]]:
    """Return keys of the new clauses that wait as drafts, by their place."""
    rows = await session.scalars(
        select(Row)
        .where(Row.state == RevisionState.DRAFT, Row.base_id.is_(None), Row.subject > SURROUNDINGS)
        .order_by(Row.subject)
    )
    found: defaultdict[_Place, list[int]] = defaultdict(list)
    for content in (as_revision(row).content for row in rows):
        if isinstance(content, Policy):
            found[_place(content)].append(content.key)
    return found


def _place(policy: Policy) -> _Place:
    return policy.document, policy.section, policy.label
