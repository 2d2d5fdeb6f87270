"""Clauses of two editions in pairs. Values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from policies.importing.document.markers import markers_of
from policies.library.folding import folded


class PairKind(StrEnum):
    """What happened to a clause."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    CHANGED_AND_MOVED = "changed+moved"
    NEW = "new"
    GONE = "gone"
    SPLIT = "split"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class PlacedClause:
    """A clause of an edition, and its place there.

    Attributes:
        label: unique in the edition.
        section: the part or chapter as printed; "" for none.
        text: with the departments that stand beside it.
    """

    label: str
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause before and now. One of the two is None if the clause is new or gone.

    Attributes:
        continues: the new clause keeps the key of the old one. When a clause is split or clauses are joined, exactly one
            pair keeps the key.
    """

    old: PlacedClause | None
    new: PlacedClause | None
    kind: PairKind
    continues: bool = False

    @property
    def in_place(self) -> bool:
        """Nothing changed, neither text nor number."""
        return self.kind is PairKind.UNCHANGED


@dataclass(frozen=True, slots=True)
class Choices:
    """A person's corrections, by labels.

    Attributes:
        origins: the old clause that a new one continues. None: the clause is new.
        endings: the new clause that an old one became. None: the clause is gone.
    """

    origins: Mapping[str, str | None] = field(default_factory=dict)
    endings: Mapping[str, str | None] = field(default_factory=dict)


NO_CHOICES = Choices()


def part_title(section: str) -> str:
    """Return the words of a part without its numbers: parts are renumbered too."""
    titles = []
    for heading in section.split(" / "):
        marks = markers_of(heading)
        titles.append(folded(marks[0].rest if marks else heading))
    return "/".join(titles)
