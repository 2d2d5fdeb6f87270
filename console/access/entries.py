"""Audit entries of what is written in several ways: at the desk's form, by an uploaded file, by the command line.

Each is added in the transaction of the step, so that none is without the other.
"""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from console.access.audit import record
from console.access.audited import differing, of_revision, of_window
from policies.guides.guide import Guide
from policies.guides.guide_fields import texts_of
from policies.library.models import Document
from policies.publishing.drafts import Drafts
from policies.publishing.revisions import SURROUNDINGS, Revision
from policies.windows.window import WindowImport
from policies.windows.window_fields import closing_words


async def record_draft(
    session: AsyncSession, drafts: Drafts, actor: str, action: str, draft: Revision, *, gone: bool = False
) -> None:
    """Add an entry that holds the fields a draft changes, to the transaction of the step.

    Args:
        session: the step's own session.
        drafts: where the revision is that the draft was made from.
        actor: who takes the step.
        action: the step, in Chinese (保存草稿, 发布).
        draft: the draft.
        gone: the draft is given up, so its fields are the values before.
    """
    base = await drafts.get(draft.base_id) if draft.base_id else None
    before, after = differing(of_revision(base), of_revision(draft))
    if gone:
        before, after = after, {}
    subject = ("edition", "draft") if draft.subject <= SURROUNDINGS else ("policy", draft.subject)
    record(session, actor, action, subject, before=before, after=after)


def record_short_name(session: AsyncSession, actor: str, document: Document, before: str) -> None:
    """Note who called a document what, in the transaction that did it."""
    sides = {"简称": before}, {"简称": document.short_name}
    record(session, actor, "更改文件简称", ("document", document.id), before=sides[0], after=sides[1])


def record_windows(session: AsyncSession, actor: str, taken: WindowImport) -> None:
    """Add an entry for each window that is new or changed."""
    for window in taken.added:
        record(session, actor, "新增申报期", ("policy", window.policy_id), after=of_window(window))
    for change in taken.changed:
        after = of_window(change.window)
        was = after | {"closes_on": closing_words(change.old_closes_on), "url": change.old_url}
        before, after = differing(was, after)
        named = {"title": change.window.title}
        subject = ("policy", change.window.policy_id)
        record(session, actor, "申报期改期", subject, before=named | before, after=named | after)


def record_guide(
    session: AsyncSession,
    actor: str,
    action: str,
    clause_key: int,
    *,
    before: Guide | None,
    after: Guide | None,
) -> None:
    """Add an entry with the fields in which two guides differ, in the transaction of the step."""
    old, new = differing(_filled(before), _filled(after))
    record(session, actor, action, ("guide", clause_key), before=old, after=new)


def record_guides(
    session: AsyncSession, actor: str, action: str, before: Mapping[int, Guide], after: Mapping[int, Guide]
) -> None:
    """Add an entry for each guide of `after`."""
    for key, guide in after.items():
        record_guide(session, actor, action, key, before=before.get(key), after=guide)


def _filled(guide: Guide | None) -> dict[str, str]:
    return {name: text for name, text in texts_of(guide).items() if text}
