"""Shows drafts of guides beside what they replace, to a second person."""

from dataclasses import dataclass

from console.approval.comparing import FieldChange, changes
from console.services.desk import Desk
from policies.approval.four_eyes import person_of
from policies.guides.guide_fields import FIELDS, texts_of
from policies.guides.store import GuideVersion
from policies.library.library import Library


@dataclass(frozen=True, slots=True)
class ReviewedGuide:
    """A draft beside the published guide.

    Attributes:
        name: the clause's name and title.
        authors: everybody who wrote a part of it since the guide was last published.
        own: the present operator wrote a part of it.
    """

    draft: GuideVersion
    name: str
    fields: list[FieldChange]
    authors: tuple[str, ...]
    own: bool

    @property
    def may_publish(self) -> bool:
        """Whether the present operator may publish it."""
        return not self.own and self.draft.returned_by is None


async def reviewed_drafts(
    desk: Desk, operator: str, library: Library, *, only: int | None = None
) -> list[ReviewedGuide]:
    """Return the drafts that wait, or the one of a clause."""
    drafts = [one for one in await desk.guides.drafts() if only is None or one.clause_key == only]
    authors = await desk.guide_drafts.authors(drafts)
    published = await desk.guides.published()
    found = []
    for draft in drafts:
        before = published.get(draft.clause_key)
        policy = library.get(draft.clause_key)
        title = f" {policy.title}" if policy else "（已不在现行文件中）"
        fields = changes(texts_of(before.guide if before else None), texts_of(draft.guide), FIELDS)
        found.append(
            ReviewedGuide(
                draft,
                library.name_of(draft.clause_key) + title,
                list(fields),
                authors[draft.id],
                person_of(operator) in authors[draft.id],
            )
        )
    return found
