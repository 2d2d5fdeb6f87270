"""Audit entries of drafts, whichever way they came: the desk's form, an uploaded document, the command line."""

from sqlalchemy.ext.asyncio import AsyncSession

from console.access import audited
from console.access.audit import record
from policies.publishing.drafts import Drafts
from policies.publishing.revisions import SURROUNDINGS, Revision


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
        gone: the draft is given up: its fields are what was before.
    """
    base = await drafts.get(draft.base_id) if draft.base_id else None
    before, after = audited.differing(audited.of_revision(base), audited.of_revision(draft))
    if gone:
        before, after = after, {}
    subject = ("edition", "draft") if draft.subject <= SURROUNDINGS else ("policy", draft.subject)
    record(session, actor, action, subject, before=before, after=after)
