"""What publishing is refused for: a draft that was sent back, an own draft, and faults of what would be public."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from policies.district.statements import district_of
from policies.library.library import Library
from policies.publishing.draft_rows import rows_of
from policies.publishing.four_eyes import own_among
from policies.publishing.publication_faults import check_publication
from policies.publishing.revisions import (
    FaultyDraftError,
    OwnDraftError,
    ReturnedDraftError,
    Revision,
    as_revision,
    named,
)
from policies.publishing.statements import touched_by


async def refuse_publication(
    session: AsyncSession, seen: Sequence[Revision], publisher: str, *, before: Library, after: Library
) -> None:
    """Raise where a publication must not stay.

    Call it in the publishing transaction after the drafts have been published: no other save can come between then,
    and raising rolls everything back.

    Args:
        session: of the publishing transaction.
        seen: the drafts.
        publisher: who publishes.
        before: what was public before, of the documents that change.
        after: what is public now, of the same documents.

    Raises:
        ReturnedDraftError: a draft was sent back and not saved since.
        OwnDraftError: the publisher wrote a part of a draft.
        FaultyDraftError: what would be public has a fault.
    """
    rows = await rows_of(session, seen)
    returned = [named(as_revision(row).content, after) for row in rows if row.returned_by is not None]
    if returned:
        raise ReturnedDraftError(f"{'、'.join(returned)}已退回修改，修改保存后才能发布")
    own = await own_among(session, rows, publisher)
    if own:
        names = [named(draft.content, after) for draft in seen if draft.subject in own]
        raise OwnDraftError(f"{'、'.join(names)}有您本人编辑的内容，须由没有参与编辑的同事发布")
    district = await district_of(session)
    faults = check_publication(before, after, touched_by(seen), district.tracks, district.departments)
    if faults:
        raise FaultyDraftError(faults)
