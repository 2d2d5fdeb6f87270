"""What publishing is refused for: a draft that was sent back, an own draft, and faults of what would be public."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from policies.library.checking import check_publication
from policies.library.models import Compendium, Department
from policies.publishing.draft_rows import rows_of
from policies.publishing.four_eyes import own_among
from policies.publishing.revisions import FaultyDraftError, OwnDraftError, ReturnedDraftError, Revision, named
from policies.publishing.statements import compendium_of, touched_by, tracks_of


async def refuse_publication(
    session: AsyncSession,
    seen: Sequence[Revision],
    before: Compendium | None,
    publisher: str,
    departments: Sequence[Department],
) -> None:
    """Raise where a publication must not stay.

    Call it in the publishing transaction after the drafts have been published: no other save can come between then,
    and raising rolls everything back.

    Args:
        session: of the publishing transaction.
        seen: the drafts.
        before: what was public before; None for nothing.
        publisher: who publishes.
        departments: the directory of departments.

    Raises:
        ReturnedDraftError: a draft was sent back and not saved since.
        OwnDraftError: the publisher wrote a part of a draft.
        FaultyDraftError: what would be public has a fault.
    """
    rows = await rows_of(session, seen)
    returned = [named(row.subject) for row in rows if row.returned_by is not None]
    if returned:
        raise ReturnedDraftError(f"{'、'.join(returned)}已退回修改，修改保存后才能发布")
    own = await own_among(session, rows, publisher)
    if own:
        raise OwnDraftError(f"{'、'.join(map(named, own))}有您本人编辑的内容，须由没有参与编辑的同事发布")
    after = await compendium_of(session)
    if before is None or after is None:
        return
    faults = check_publication(before, after, touched_by(seen), await tracks_of(session), departments)
    if faults:
        raise FaultyDraftError(faults)
