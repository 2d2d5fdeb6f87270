"""The table of drafts of clauses; each function runs inside a caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from policies.approval.columns import RevisionState
from policies.approval.draft_table import DraftTable, Words
from policies.approval.four_eyes import Contributions
from policies.library.changes import Kin
from policies.library.models import Policy, Surroundings
from policies.library.tables import RevisionContribution, RevisionRow

CLAUSES = DraftTable(
    RevisionRow,
    RevisionRow.subject,
    Contributions(RevisionContribution.revision_id),
    Words(
        changed="草稿在此期间已被他人修改、发布或放弃，请刷新后再试",
        own="有您本人编辑的内容，须由没有参与编辑的同事发布",
        returned="已退回修改，修改保存后才能发布",
    ),
)
"""Drafts of clauses, and of what surrounds the clauses of a document."""


async def insert_draft(
    session: AsyncSession,
    subject: int,
    content: Policy | Surroundings,
    *,
    kin: Kin | None = None,
    author: str,
    now: datetime,
    **values: Any,
) -> RevisionRow:
    """Add a draft that begins from what is published now.

    Args:
        session: of the transaction.
        subject: of the draft.
        content: the new content; for `retires` its last text.
        kin: the clause that this one was split from or goes into.
        author: who wrote it.
        now: the instant.
        values: `retires`, `note`, `import_id` (see `RevisionRow`).

    Raises:
        EditConflictError: the subject has a draft already.
    """
    base = await CLAUSES.find(session, subject, RevisionState.PUBLISHED)
    return await CLAUSES.begin(
        session,
        subject,
        content,
        author=author,
        now=now,
        document=content.document if isinstance(content, Policy) else content.id,
        base_id=base.id if base else None,
        relation=kin.relation if kin else "",
        kin=kin.key if kin else None,
        **values,
    )
