"""Audit entries of guides, whichever way they came: the desk's form, a file, the command line."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from console.access.audit import record
from console.access.audited import differing
from policies.guides.guide import Guide
from policies.guides.guide_fields import texts_of


def record_guide(
    session: AsyncSession,
    actor: str,
    action: str,
    clause_key: int,
    *,
    before: Guide | None,
    after: Guide | None,
) -> None:
    """An entry that holds the fields in which two guides differ, in the transaction of the step."""
    old, new = differing(_filled(before), _filled(after))
    record(session, actor, action, ("guide", clause_key), before=old, after=new)


def record_guides(
    session: AsyncSession, actor: str, action: str, before: Mapping[int, Guide], after: Mapping[int, Guide]
) -> None:
    """An entry for each guide of `after`."""
    for key, guide in after.items():
        record_guide(session, actor, action, key, before=before.get(key), after=guide)


def _filled(guide: Guide | None) -> dict[str, str]:
    return {name: text for name, text in texts_of(guide).items() if text}
